"""How each state looks: an icon and a tone beside its word. The only red is `late`, and only a deadline is late."""

from typing import NamedTuple

TONES = frozenset({"here", "done", "wait", "warn", "late", "off"})


class Look(NamedTuple):
    icon: str
    tone: str


LOOKS: dict[str, dict[str, Look]] = {
    "appraisal": {
        "planning": Look("target", "here"),
        "tracking": Look("trending-up", "here"),
        "self_review": Look("writing", "here"),
        "scoring": Look("star", "here"),
        "countersigning": Look("checks", "here"),
        "calibrating": Look("scale", "here"),
        "decided": Look("hourglass", "wait"),
        "interviewing": Look("messages", "here"),
        "appeal_window": Look("hand-stop", "here"),
        "appealed": Look("gavel", "warn"),
        "improving": Look("tools", "here"),
        "closed": Look("lock", "done"),
        "withdrawn": Look("user-minus", "off"),
    },
    "step": {
        "done": Look("check", "done"),
        "here": Look("circle-dot", "here"),
        "to_come": Look("circle", "wait"),
        "skipped": Look("minus", "off"),
        "bypassed": Look("player-skip-forward", "warn"),
    },
    "cycle": {
        "draft": Look("pencil", "wait"),
        "open": Look("player-play", "here"),
        "closed": Look("lock", "done"),
        "cancelled": Look("ban", "off"),
    },
    "scheme": {
        "draft": Look("pencil", "wait"),
        "in_review": Look("eye", "here"),
        "published": Look("circle-check", "done"),
        "retired": Look("folder", "off"),
    },
    "rating": {
        "invited": Look("mail", "wait"),
        "accepted": Look("circle-dot", "here"),
        "submitted": Look("check", "done"),
        "declined": Look("minus", "off"),
        "expired": Look("calendar-off", "off"),
    },
    "calibration": {
        "preparing": Look("pencil", "wait"),
        "open": Look("scale", "here"),
        "locked": Look("lock", "warn"),
        "finalised": Look("circle-check", "done"),
        "cancelled": Look("ban", "off"),
    },
    "interview": {
        "scheduled": Look("calendar-event", "here"),
        "held": Look("messages", "here"),
        "confirmed": Look("circle-check", "done"),
        "unconfirmed": Look("circle-minus", "off"),
    },
    "appeal": {
        "lodged": Look("hand-stop", "warn"),
        "under_review": Look("gavel", "warn"),
        "upheld": Look("circle-check", "done"),
        "partly_upheld": Look("circle-minus", "done"),
        "dismissed": Look("circle-x", "off"),
        "withdrawn": Look("arrow-back-up", "off"),
    },
    "improvement": {
        "drafted": Look("pencil", "wait"),
        "approved": Look("check", "here"),
        "delivered": Look("send", "here"),
        "active": Look("tools", "here"),
        "paused": Look("player-pause", "warn"),
        "reviewing": Look("eye", "here"),
        "met": Look("circle-check", "done"),
        "extended": Look("calendar-event", "warn"),
        "not_met": Look("circle-x", "warn"),
        "cancelled": Look("ban", "off"),
    },
    "outcome": {
        "proposed": Look("hourglass", "here"),
        "approved": Look("circle-check", "done"),
        "rejected": Look("circle-x", "off"),
        "superseded": Look("history", "off"),
    },
    "incident": {
        "reported": Look("flag", "warn"),
        "confirmed": Look("circle-check", "done"),
        "rejected": Look("circle-x", "off"),
    },
    "answer": {
        "delivered": Look("mail", "wait"),
        "read": Look("mail-opened", "here"),
        "agreed": Look("circle-check", "done"),
        "disagreed": Look("message-2", "warn"),
        "refused": Look("user-off", "warn"),
        "window_passed": Look("clock-pause", "off"),
    },
    "finding": {
        "error": Look("alert-circle", "warn"),
        "warning": Look("alert-triangle", "wait"),
        "fine": Look("circle-check", "done"),
    },
    "message": {
        "debug": Look("code", "wait"),
        "info": Look("info-circle", "here"),
        "success": Look("circle-check", "done"),
        "warning": Look("alert-triangle", "warn"),
        "error": Look("alert-circle", "warn"),
    },
}
