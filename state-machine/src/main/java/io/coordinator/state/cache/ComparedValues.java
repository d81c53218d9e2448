package io.coordinator.state.cache;

import com.google.protobuf.ByteString;
import io.coordinator.document.Addition;
import io.coordinator.document.JsonText;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheReply;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.Incremented;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.UnknownOperationException;

/** What looks inside values: compare-and-set, conditions of transactions, counters. */
final class ComparedValues {
    private static final ByteString ZERO = ByteString.copyFromUtf8("0");

    private final Entries entries;
    private final Writing writing;

    ComparedValues(Entries entries, Writing writing) {
        this.entries = entries;
        this.writing = writing;
    }

    Reply.Builder compareAndSet(Context at, Name name, CompareAndSet cas, Effects effects) {
        CacheEntry old = entries.live(at, name, effects);
        if (Expectations.cannotBeAsked(old, cas.getExpect())) {
            return Reply.newBuilder().setError(CacheReplies.notJson(name));
        }
        if (!Expectations.areMet(old, cas.getExpect(), effects.meter())) {
            return CacheReplies.compared(false, old);
        }
        if (cas.hasNext()) {
            return writing.fits(name, cas.getNext())
                    ? CacheReplies.compared(
                            true,
                            writing.write(
                                    at,
                                    name,
                                    old,
                                    cas.getNext(),
                                    cas.getOpaque(),
                                    writing.kept(at, name, old, cas.getTtlMillis()),
                                    effects))
                    : CacheReplies.tooLarge(name);
        }
        if (old != null) {
            entries.end(name, old, ChangeKind.DELETED, effects);
        }
        return CacheReplies.compared(true, null);
    }

    Reply.Builder increment(Context at, Name name, Increment increment, Effects effects) {
        CacheEntry old = entries.live(at, name, effects);
        if (old != null && old.getOpaque()) {
            return Reply.newBuilder().setError(CacheReplies.notJson(name));
        }
        ByteString stored = old == null ? ZERO : old.getValue();
        if (!JsonText.mayBeNumber(stored, effects.meter())) {
            return CacheReplies.notAdded(ErrorCode.ENOTNUMBER, name);
        }
        Addition.Result result = switch (increment.getAmountCase()) {
            case BY -> Addition.add(stored, increment.getBy(), effects.meter());
            case BY_DECIMAL -> Addition.add(stored, increment.getByDecimal(), effects.meter());
            case AMOUNT_NOT_SET -> throw new UnknownOperationException("an amount of increment");
        };
        if (result instanceof Addition.Failure failure) {
            return CacheReplies.notAdded(failure.code(), name);
        }
        ByteString sum = ((Addition.Sum) result).text();
        if (!writing.fits(name, sum)) {
            return CacheReplies.tooLarge(name);
        }
        writing.write(at, name, old, sum, false, writing.kept(at, name, old, increment.getTtlMillis()), effects);
        return CacheReplies.reply(
                CacheReply.newBuilder().setIncremented(Incremented.newBuilder().setValue(sum)));
    }
}
