import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from notifications import kinds, outbox
from notifications.models import OutboxMessage

pytestmark = pytest.mark.django_db


def test_a_letter_becomes_one_queued_message_that_can_be_read_at_once(person, letter, at):
    wang = person()
    outbox.enqueue([letter(wang)], at=at)

    message = OutboxMessage.objects.get()
    assert (message.recipient, message.kind, message.subject_id, message.slot) == (wang, "rig.window", "7", "opened")
    assert (message.state, message.channel, message.visible_at, message.not_before) == ("queued", "", at, at)
    assert message.context["due"] == "2026-03-06T18:00:00+08:00"


def test_the_same_letter_twice_is_one_message_and_the_first_one_stays(person, letter, at):
    wang = person()
    outbox.enqueue([letter(wang), letter(wang)], at=at)
    outbox.enqueue([letter(wang, link="/elsewhere/")], at=at)

    assert list(OutboxMessage.objects.values_list("link", flat=True)) == ["/appraisals/7/"]


def test_another_slot_person_or_subject_is_another_message_with_another_message_id(person, letter, at):
    wang, li = person("wang"), person("li")
    outbox.enqueue(
        [letter(wang), letter(wang, slot="reminder-1"), letter(li), letter(wang, subject_id=8)],
        at=at,
    )

    ids = set(OutboxMessage.objects.values_list("message_id", flat=True))
    assert len(ids) == 4
    assert {each.rpartition("@")[2] for each in ids} == {"pingheng.example>"}


def test_a_later_letter_is_seen_and_sent_only_from_its_moment(person, letter, at):
    later = at.replace(day=5)
    outbox.enqueue([letter(person(), not_before=later)], at=at)

    message = OutboxMessage.objects.get()
    assert (message.visible_at, message.not_before, message.created_at) == (later, later, at)


@pytest.mark.parametrize("key", ["score", "grade", "points", "total"])
def test_no_notice_says_how_somebody_was_judged_however_deep_it_is_hidden(person, letter, at, key):
    with pytest.raises(ValueError, match=key):
        outbox.enqueue([letter(person(), context={"rows": [{"of": {key: 1}}]})], at=at)
    assert OutboxMessage.objects.count() == 0


def test_an_unknown_kind_is_refused(person, letter, at):
    with pytest.raises(kinds.UnknownKindError):
        outbox.enqueue([letter(person(), kind="rig.nothing")], at=at)


def test_an_unknown_recheck_is_refused(person, letter, at):
    with pytest.raises(LookupError):
        outbox.enqueue([letter(person(), still_wanted="rig.nothing")], at=at)


@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example/", "appraisals/7/"])
def test_a_link_leads_nowhere_but_to_this_site(person, letter, at, link):
    with pytest.raises(ValueError, match="path on this site"):
        outbox.enqueue([letter(person(), link=link)], at=at)


def test_ten_thousand_letters_cost_two_queries(person, letter, at):
    wang = person()
    letters = [letter(wang, subject_id=number) for number in range(10_000)]
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        outbox.enqueue(letters, at=at)

    # SQLite takes fewer values in one query.
    if connection.vendor == "postgresql":
        assert len(queries) == 2
    assert OutboxMessage.objects.count() == 10_000


def test_no_letters_cost_no_query(at, django_assert_num_queries):
    with django_assert_num_queries(0):
        outbox.enqueue([], at=at)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_leaves_no_notice_behind(person, letter, at):
    wang = person()
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.enqueue([letter(wang)], at=at)
        raise RuntimeError

    assert OutboxMessage.objects.count() == 0


def test_two_kinds_of_one_name_are_refused():
    with pytest.raises(ValueError, match="Two kinds of notice"):
        kinds.register(kinds.NoticeKind("rig.window", "Other", "digest", "notices/rig/other"))


def test_a_kind_of_an_unregistered_group_is_refused():
    with pytest.raises(ValueError, match="not registered"):
        kinds.register(kinds.NoticeKind("rig.other", "Other", "digest", "notices/rig/other", group="nowhere"))
