from notifications.kinds import NoticeKind

REMINDER = NoticeKind("rig.reminder", "Reminder", "digest", "notices/rig/parcel")
RETURNED = NoticeKind("rig.returned", "Returned", "immediate", "notices/rig/parcel")
WINDOW = NoticeKind("rig.window", "Window", "rights", "notices/rig/parcel")
BROKEN = NoticeKind("rig.broken", "Broken", "immediate", "notices/rig/there_is_none")
ALL = (REMINDER, RETURNED, WINDOW, BROKEN)
