"""An index that a Milvus server holds: published there by a build, and searched there.

A snapshot is three collections. The alias that the address names points to the one of the chunks;
moving it puts another snapshot in force in one step. Imported only where an address begins with
"milvus:".

Raises:
    ExtraMissing: when it is imported, if the package that speaks to Milvus is not installed.
"""

import os

from index.errors import ExtraMissing

# what gRPC notices of a connection is told as one sentence, and not in its own words besides
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

try:
    import pymilvus  # noqa: F401
except ModuleNotFoundError as error:
    raise ExtraMissing("keep an index in Milvus", "pymilvus", "milvus") from error
