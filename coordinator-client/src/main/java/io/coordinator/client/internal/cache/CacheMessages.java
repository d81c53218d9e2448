package io.coordinator.client.internal.cache;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import io.coordinator.client.cache.CacheSettings;
import io.coordinator.client.cache.CasResult;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cache.ScanPage;
import io.coordinator.client.error.CounterOverflowException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.CompareAndSetResult;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScanValues;
import io.coordinator.protocol.ScannedValues;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What callers of a cache say, as messages, and what those answer, as callers know it. */
record CacheMessages(JsonCodec json) {
    /** 2 to the 63rd: the first number that is no long. */
    private static final BigDecimal SUM_END = new BigDecimal(Long.MAX_VALUE).add(BigDecimal.ONE);

    ByteString write(@Nullable Object value) {
        return json.write(value);
    }

    static PutValue.Builder putting(ByteString value, PutOptions options) {
        PutValue.Builder put = PutValue.newBuilder()
                .setValue(value)
                .setKeepTtl(options.keepsTtl())
                .setSliding(options.slides());
        options.expiry().ifPresent(ttl -> put.setTtlMillis(Times.millis(ttl)));
        return put;
    }

    CompareAndSet.Builder compareAndSet(Expect expect, Next next) {
        CompareAndSet.Builder cas = CompareAndSet.newBuilder().setExpect(ExpectationMessages.of(expect, json));
        requireNonNull(next, "next"); // None would be a deletion.
        if (next instanceof Next.Value value) {
            cas.setNext(json.write(value.value()));
            if (value.ttlIfCreated() != null) {
                cas.setTtlMillis(Times.millis(value.ttlIfCreated()));
            }
        }
        return cas;
    }

    CasResult casResult(String key, Reply reply) {
        CompareAndSetResult result = reply.getCache().getCompared();
        Entry current = result.hasCurrent() ? entry(key, result.getCurrent()) : null;
        return new CasResult(result.getApplied(), current, reply.getRevision());
    }

    ScanPage page(Answer answer) {
        if (!answer.getCache().hasScanned()) {
            throw Errors.unexpectedAnswer(answer.getOutcomeCase());
        }
        ScannedValues scanned = answer.getCache().getScanned();
        List<Entry> entries = new ArrayList<>(scanned.getKeysCount());
        for (int i = 0; i < scanned.getKeysCount(); i++) {
            entries.add(entry(scanned.getKeys(i), scanned.getEntries(i)));
        }
        return new ScanPage(entries, scanned.getMore(), answer.getRevision());
    }

    Entry entry(String key, CacheEntry entry) {
        return new EntryView(key, entry, json);
    }

    static ScanValues.Builder scanning(String after, int limit) {
        if (limit < 1) {
            throw new ValidationException("limit must be at least 1, but is " + limit);
        }
        return ScanValues.newBuilder().setAfter(Text.prefix("after", after)).setLimit(limit);
    }

    /** The stored number can have a fraction, and is then as large as a double can be. */
    static long number(String json) {
        BigDecimal sum = new BigDecimal(json);
        if (sum.compareTo(SUM_END) >= 0 || sum.compareTo(SUM_END.negate()) < 0) {
            throw new CounterOverflowException(
                    "the number has a fraction and is " + json + " now, which is no long; read it as a decimal number");
        }
        return sum.longValue();
    }

    static io.coordinator.protocol.CacheSettings.Builder settings(CacheSettings settings) {
        return io.coordinator.protocol.CacheSettings.newBuilder()
                .setEntriesMax(settings.maxEntries())
                .setBytesMax(settings.maxBytes())
                .setTtlMillis(settings.defaultTtl().map(Times::millis).orElse(0L));
    }

    static CacheSettings settings(io.coordinator.protocol.CacheSettings settings) {
        CacheSettings bounds =
                CacheSettings.unbounded().maxEntries(settings.getEntriesMax()).maxBytes(settings.getBytesMax());
        return settings.getTtlMillis() == 0 ? bounds : bounds.defaultTtl(Duration.ofMillis(settings.getTtlMillis()));
    }
}
