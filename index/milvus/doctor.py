"""Whether an index in Milvus is well: the server, and every snapshot that it holds."""

from index.address import Address
from index.doctor import Check
from index.errors import ServerError, StoreError
from index.milvus.client import client_of
from index.milvus.snapshots import current_name, open_snapshot, snapshot_names


def examine(address: Address) -> list[Check]:
    """Check the server, what is in force, and each snapshot: all tables, and how much there is.

    Raises:
        StoreMissing: if nothing was built there yet.
    """
    try:
        version = client_of(address).version
    except ServerError as error:
        return [Check("server", False, str(error))]
    checks = [Check("server", True, f"Milvus {version} answers.")]
    checks.append(_check_force(address))
    return [*checks, *(_check_snapshot(address, name) for name in snapshot_names(address))]


def _check_force(address: Address) -> Check:
    """Check that the alias points to a snapshot.

    Raises:
        StoreMissing: if there is neither an alias nor a snapshot.
    """
    try:
        return Check("force", True, f"The snapshot {current_name(address)} is in force.")
    except StoreError as error:
        if not snapshot_names(address):
            raise
        return Check("force", False, str(error))


def _check_snapshot(address: Address, name: str) -> Check:
    """Check that a snapshot can be opened."""
    try:
        content = open_snapshot(address, name)
    except ServerError as error:
        return Check("snapshot", False, str(error))
    held = f"{len(content.articles)} articles, {len(content.chunks)} chunks"
    return Check("snapshot", True, f"The snapshot {name} is whole: {held}.")
