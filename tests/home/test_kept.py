"""A refusal shows what was typed, under the labels of the form."""

from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation

from appraisal.home.kept import kept


def words_of(path: str, language: str = "en", **posted: str) -> list[tuple[str, str]]:
    request = RequestFactory().post(path, posted)
    request.resolver_match = resolve(path)
    with translation.override(language):
        return kept(request)


def test_typed_words_stand_under_the_labels_of_their_form() -> None:
    appeal = {"item-7-reason": "CRM 中有 15 家。", "answer": "第一项成立。", "version": "3", "key": "abc-d"}
    assert words_of("/appraisals/1/appeal/decision/", **appeal) == [
        ("Reason", "CRM 中有 15 家。"), ("Answer to the employee", "第一项成立。"),
    ]  # fmt: skip


def test_words_of_a_dialog_have_labels_in_both_languages() -> None:
    assert words_of("/appraisals/1/withdraw/", reason="Long illness") == [("Reason", "Long illness")]
    assert words_of("/appraisals/1/withdraw/", "zh-hans", reason="长期病假") == [("原因", "长期病假")]
    assert words_of("/appraisals/1/withdraw/", unheard_of="abc") == [("Text", "abc")]


def test_what_a_button_sent_is_not_shown_as_words() -> None:
    assert words_of("/appraisals/1/acknowledgement/", answer="disagreed", comment="数据有误") == [
        ("Comment", "数据有误")
    ]
