from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications import actions, kinds, outbox, queries
from notifications.models import NoticePreference, OutboxMessage
from notifications.states import MessageState
from tests.notifications.rig.kinds import BROKEN

pytestmark = pytest.mark.django_db

LIST, PREFERENCES = "notifications:notice_list", "notifications:preference_edit"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def wang(person, client):
    user = person("wang", language="en")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def slots(response):
    return [notice.slot for notice, _, _ in response.context["notices"]]


def test_unread_notices_come_first_then_the_newest(wang, letter, client, now):
    for hours, slot in enumerate(("newest", "middle", "oldest")):
        outbox.enqueue([letter(wang, slot=slot)], at=now - timedelta(hours=hours))
    OutboxMessage.objects.filter(slot="newest").update(read_at=now)

    assert slots(client.get(reverse(LIST))) == ["middle", "oldest", "newest"]
    assert slots(client.get(reverse(LIST), {"show": "unread"})) == ["middle", "oldest"]


def test_the_list_leaves_out_other_peoples_future_digest_and_withdrawn_notices(wang, person, letter, client, now):
    outbox.enqueue(
        [
            letter(wang, slot="mine"),
            letter(person("li"), slot="hers"),
            letter(wang, slot="later", not_before=now + timedelta(days=1)),
            letter(wang, slot="digest", kind=kinds.DIGEST.name),
            letter(wang, slot="withdrawn"),
            letter(wang, slot="withdrawn after reading"),
        ],
        at=now,
    )
    withdrawn = OutboxMessage.objects.filter(slot__startswith="withdrawn")
    withdrawn.update(state=MessageState.SUPPRESSED)
    withdrawn.filter(slot="withdrawn after reading").update(read_at=now)

    assert slots(client.get(reverse(LIST))) == ["mine", "withdrawn after reading"]
    assert queries.unread_count(wang, at=now) == 1


def test_a_title_stands_in_the_readers_language_and_is_escaped(wang, letter, client, now):
    outbox.enqueue([letter(wang)], at=now)
    assert "Self-review &amp; 2026-03-06 18:00" in client.get(reverse(LIST)).content.decode()


def test_one_notice_that_cannot_be_rendered_does_not_hide_the_page(wang, letter, client, now):
    outbox.enqueue([letter(wang, kind=BROKEN.name), letter(wang)], at=now)
    assert [title for _, title, _ in client.get(reverse(LIST)).context["notices"]] == [
        "Self-review & 2026-03-06 18:00",
        "Broken",
    ]


def test_looking_changes_nothing(wang, letter, client, now):
    outbox.enqueue([letter(wang)], at=now)
    message = OutboxMessage.objects.get()
    client.get(reverse(LIST))

    assert client.get(reverse("notifications:notice_open", args=[message.id])).status_code == 405
    assert client.get(reverse("notifications:notice_read_all")).status_code == 405
    assert queries.unread_count(wang, at=now) == 1


def test_opening_marks_as_read_once_and_leads_to_the_subject(wang, letter, client, now):
    outbox.enqueue([letter(wang)], at=now)
    message = OutboxMessage.objects.get()
    first = client.post(reverse("notifications:notice_open", args=[message.id]))
    read_at = OutboxMessage.objects.get().read_at
    client.post(reverse("notifications:notice_open", args=[message.id]))

    assert (first.status_code, first.url) == (302, "/appraisals/7/")
    assert read_at is not None
    assert OutboxMessage.objects.get().read_at == read_at


def test_another_persons_notice_looks_like_one_that_does_not_exist(wang, person, letter, client, now):
    outbox.enqueue([letter(person("li"))], at=now)
    message = OutboxMessage.objects.get()
    hers = client.post(reverse("notifications:notice_open", args=[message.id]))
    nobodys = client.post(reverse("notifications:notice_open", args=[message.id + 1]))

    assert (hers.status_code, nobodys.status_code) == (404, 404)
    assert OutboxMessage.objects.get().read_at is None


def test_mark_all_reads_mine_and_nobody_elses(wang, person, letter, client, now):
    li = person("li")
    outbox.enqueue([letter(wang), letter(wang, slot="second"), letter(li)], at=now)
    client.post(reverse("notifications:notice_read_all"))

    assert (queries.unread_count(wang, at=now), queries.unread_count(li, at=now)) == (0, 1)


@pytest.mark.parametrize("name", [LIST, PREFERENCES])
def test_a_stranger_is_asked_to_sign_in(client, name):
    response = client.get(reverse(name))
    assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("account_login"))


def test_the_list_costs_the_same_for_one_and_three_notices(wang, letter, client, now, django_assert_max_num_queries):
    counts = []
    for slot in ("one", "two", "three"):
        outbox.enqueue([letter(wang, slot=slot)], at=now)
        client.get(reverse(LIST))
        with django_assert_max_num_queries(12) as captured:
            client.get(reverse(LIST))
        counts.append(len(captured))
    assert counts == [counts[0]] * 3


def test_a_long_list_has_pages_that_keep_the_filter(wang, letter, client, now):
    outbox.enqueue([letter(wang, slot=str(number)) for number in range(31)], at=now)
    response = client.get(reverse(LIST), {"show": "unread"})

    assert len(slots(response)) == 30
    assert 'href="?show=unread&amp;page=2"' in response.content.decode()


def test_preferences_begin_with_the_usual_delivery_and_keep_what_was_chosen(wang, client):
    form = client.get(reverse(PREFERENCES)).context["form"]
    assert {name: field.initial for name, field in form.fields.items()} == {
        "immediate": "immediate",
        "digest": "digest",
        "daily_digest": "immediate",
    }
    chosen = {"immediate": "digest", "digest": "in_app", "daily_digest": "in_app"}
    for choice in (chosen | {"digest": "immediate"}, chosen):
        assert client.post(reverse(PREFERENCES), choice).status_code == 302

    assert dict(NoticePreference.objects.filter(user=wang).values_list("group", "delivery")) == chosen
    assert client.get(reverse(PREFERENCES)).context["form"].fields["digest"].initial == "in_app"


@pytest.mark.parametrize(
    "wrong", [{"rights": "in_app"}, {"daily_digest": "digest"}, {"immediate": "never"}, {"nowhere": "in_app"}]
)
def test_what_is_not_offered_cannot_be_chosen(wang, wrong):
    with pytest.raises(ValueError, match="cannot be chosen"):
        actions.save_preferences(acting_user=wang, deliveries=wrong)
    assert NoticePreference.objects.count() == 0


def test_hr_sees_every_message_about_a_subject_with_its_fate(wang, person, letter, now, django_assert_num_queries):
    li = person("li")
    outbox.enqueue([letter(wang, subject_id=7), letter(li, subject_id=8), letter(li, subject_id=9)], at=now)
    outbox.enqueue([letter(li, subject_type="plan", subject_id=7)], at=now)
    OutboxMessage.objects.filter(subject_id="8").update(state=MessageState.FAILED, last_error="550")

    with django_assert_num_queries(1):
        about = [(each.recipient.username, each.state) for each in queries.messages_about("appraisal", [7, 8])]
    assert sorted(about) == [("li", "failed"), ("wang", "queued")]
    assert [each.last_error for each in queries.failed_messages()] == ["550"]


def test_failed_messages_can_be_put_back_by_hand(wang, letter, now):
    outbox.enqueue([letter(wang)], at=now)
    OutboxMessage.objects.update(state=MessageState.FAILED, channel="mail", attempts=8)

    assert actions.requeue_failed(at=now) == 1
    message = OutboxMessage.objects.get()
    assert (message.state, message.channel, message.attempts) == ("queued", "", 0)
