package io.coordinator.state.cache;

import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheReply;
import io.coordinator.protocol.CompareAndSetResult;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ValueWritten;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import org.jspecify.annotations.Nullable;

/** How commands about values are answered. */
final class CacheReplies {
    private static final long RETRY_AFTER_MILLIS = 1_000;

    private CacheReplies() {}

    static Reply.Builder tooLarge(Name name) {
        return Refusals.reply(
                ErrorCode.ETOOLARGE,
                "the value of " + name + " is larger than all values of its namespace may be together, so nothing was"
                        + " changed; make it smaller, or raise the namespace's bytes");
    }

    static Reply.Builder busy(Name prefix) {
        return Reply.newBuilder()
                .setError(Refusals.error(
                                ErrorCode.EBUSY,
                                "the rows of " + ClearMarks.MAX + " large clears are still being reclaimed, so "
                                        + prefix + " was not cleared; try again in a moment")
                        .toBuilder()
                        .setRetryAfterMillis(RETRY_AFTER_MILLIS));
    }

    static Error notJson(Name name) {
        return Refusals.error(
                ErrorCode.EINVAL,
                "the value at " + name + " is opaque, so the cluster can neither compare nor add to it; compare its"
                        + " revision instead");
    }

    static Reply.Builder notAdded(ErrorCode code, Name name) {
        return Refusals.reply(
                code,
                code == ErrorCode.ENOTNUMBER
                        ? "the value at " + name + " is not a number, so nothing was added; put a number first"
                        : "the sum at " + name + " is out of range, so nothing was added; use a smaller amount");
    }

    static Reply.Builder written(long revision) {
        return reply(CacheReply.newBuilder()
                .setWritten(ValueWritten.newBuilder().setRevision(revision).build()));
    }

    static Reply.Builder compared(boolean applied, @Nullable CacheEntry current) {
        CompareAndSetResult.Builder result = CompareAndSetResult.newBuilder().setApplied(applied);
        if (current != null) {
            result.setCurrent(current);
        }
        return reply(CacheReply.newBuilder().setCompared(result));
    }

    static Reply.Builder reply(CacheReply.Builder cache) {
        return Reply.newBuilder().setCache(cache);
    }
}
