package io.coordinator.state.schedule;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScheduleReply;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;

/** How commands about schedules are answered, and what is refused. */
final class ScheduleReplies {
    private ScheduleReplies() {}

    static Reply.Builder reply(ScheduleReply.Builder schedule) {
        return Reply.newBuilder().setSchedule(schedule);
    }

    static Reply.Builder isOther(Name name) {
        return Refusals.reply(
                ErrorCode.ECONFLICT,
                "schedule " + name
                        + " is there with other settings, so nothing was changed; take another name, or set it"
                        + " without asking that it be created");
    }

    static Reply.Builder tooMany(Name name) {
        return Refusals.reply(
                ErrorCode.ENOSPACE,
                "there are " + ScheduleLimits.SCHEDULES_MAX + " schedules, which is the limit, so " + name
                        + " was not set; delete some first");
    }

    static Reply.Builder missing(Name name) {
        return Refusals.reply(
                ErrorCode.EKEYNOTFOUND, "there is no schedule " + name + "; check its name and the namespace");
    }
}
