"""Tokens are guessed well enough for budgets, without anybody's tables."""

from __future__ import annotations

import time

import pytest
from pydantic import BaseModel

from pinakes.core.prompts import Data, Picture, Prompt, Said
from pinakes.models.tokens import count_prompt, count_tokens

# Counted by o200k_base.
COUNTED = {
    "English": (
        "The pump is greased every 500 hours of operation. The filter is changed once a year, and the bearings are inspected each spring before the season begins.",
        32,
    ),
    "German": (
        "Die Pumpe wird alle 500 Betriebsstunden geschmiert. Der Filter wird einmal im Jahr gewechselt, und die Kugellager werden jedes Frühjahr vor Saisonbeginn geprüft.",
        35,
    ),
    "French": (
        "La pompe est graissée toutes les 500 heures. Le filtre est remplacé une fois par an et les roulements sont contrôlés chaque printemps, avant le début de la saison.",
        38,
    ),
    "Chinese": ("泵每运行500小时加注一次润滑脂。滤芯每年更换一次，轴承在每年春季开工前检查。", 33),
    "Japanese": (
        "ポンプは500時間ごとにグリースを塗ります。フィルターは年に一度交換し、ベアリングは毎年春に点検してください。温度が80度を超えた場合は、作業を中止しなければなりません。",
        64,
    ),
    "Korean": (
        "펌프는 500시간마다 윤활유를 보충해야 합니다. 필터는 일 년에 한 번 교체하고 베어링은 매년 봄에 점검하십시오. 온도가 80도를 초과하면 작업을 중단해야 합니다.",
        56,
    ),
    "Russian": (
        "Насос смазывают каждые 500 часов работы. Фильтр меняют раз в год, а подшипники проверяют каждую весну перед началом сезона. Если температура поднимается выше восьмидесяти градусов, работу следует прекратить.",
        57,
    ),
    "Arabic": (
        "يجب تشحيم المضخة كل 500 ساعة عمل. يتم تغيير المرشح مرة واحدة في السنة، ويتم فحص المحامل كل ربيع قبل بداية الموسم.",
        34,
    ),
    "Hindi": (
        "पंप को हर 500 घंटे में ग्रीस किया जाना चाहिए। फिल्टर साल में एक बार बदला जाता है और बेयरिंग की जाँच हर वसंत में की जाती है।",
        41,
    ),
    "Python": (
        'def count_tokens(self, text: str) -> int:\n    """Return about how many tokens a text takes."""\n    return sum(len(piece) for piece in _PIECE.findall(text))\n',
        38,
    ),
    "JSON": (
        '{"steps":[{"id":"s1","agent":"image_search","intent":"photos of the red crane","depends_on":[]}],"why":null}',
        31,
    ),
    "table": ("| part | price |\n|------|-------|\n| P-104 | 1,234.56 |\n| P-105/2 | 99.00 |\n", 34),
    "figures": ("2024-05-01 12:33:07 1234567890 3.14159 1,234.56 0x1F4A9 192.168.0.1 P-104/2", 49),
}


@pytest.mark.parametrize("kind", COUNTED)
def test_guesses_are_near(kind: str) -> None:
    text, tokens = COUNTED[kind]
    assert 0.8 * tokens <= count_tokens(text) <= 1.25 * tokens
    assert 0.8 * 50 * tokens <= count_tokens(f"{text}\n" * 50) <= 1.25 * 51 * tokens


def test_odd_texts_are_counted_too() -> None:
    assert count_tokens("") == 0
    assert count_tokens(" ") <= 1
    assert count_tokens("👍" * 10) >= 10
    assert count_tokens("\x00\u200b") >= 1
    assert 100 <= count_tokens("x" * 1000) <= 1000


def test_long_texts_take_no_time() -> None:
    began = time.process_time()
    assert count_tokens("word " * 100_000) == 100_000
    assert count_tokens(" " * 300_000) + count_tokens("\n" * 300_000) <= 10
    assert time.process_time() - began < 2


def test_a_prompt_counts_all_that_is_sent() -> None:
    class Form(BaseModel):
        name: str

    plain = Prompt(task="t", system="Be brief.", parts=("Hello there.",))
    bare = count_prompt(plain)
    assert 8 <= bare <= 25
    assert count_prompt(plain, Form) > bare + 10
    said = plain.model_copy(update={"history": (Said(role="user", content="word " * 100),)})
    assert count_prompt(said) >= bare + 100
    quoting = plain.model_copy(update={"parts": (*plain.parts, Data(id="E1", text="word " * 100))})
    assert count_prompt(quoting) >= bare + 100
    looks = [
        count_prompt(plain.model_copy(update={"parts": (Picture(id="P1", content=b"x", detail=detail),)}))
        for detail in ("low", "auto", "high")
    ]
    assert looks == sorted(looks)
