package io.coordinator.client.internal.cache;

import io.coordinator.client.cache.Entry;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.GetValues;
import io.coordinator.protocol.GotValue;
import io.coordinator.protocol.TouchValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads of a cache's values. Each counts as an access, of which the cluster must be told: at once where a value would
 * expire without, together with others where it only keeps it from being evicted.
 */
final class CacheReads {
    private final CacheExchange exchange;
    private final CacheExchange direct;
    private final CacheExchange touching;
    private final CacheMessages messages;
    private final Touches touches;

    CacheReads(CacheExchange exchange, CacheMessages messages, Touches touches) {
        this.exchange = exchange;
        this.direct = exchange.direct();
        this.touching = direct.unguarded();
        this.messages = messages;
        this.touches = touches;
    }

    /**
     * An access must be known to the cluster before it counts, or a sliding value could expire too early: once
     * in a while it waits for its touch. If the value is gone by then, there was none.
     */
    Promise<Optional<Entry>> get(String key) {
        return exchange.calls().promises().compose(got(key), got -> {
            Optional<Entry> found =
                    got.hasEntry() ? Optional.of(messages.entry(key, got.getEntry())) : Optional.empty();
            if (mustTouch(got)) {
                return Promises.direct()
                        .map(touch(List.of(key)), missing -> missing.isEmpty() ? found : Optional.empty());
            }
            if (got.getTouchSoon()) {
                touches.add(exchange.namespace(), key);
            }
            return Promises.direct().succeeded(found);
        });
    }

    Promise<Boolean> has(String key) {
        return exchange.calls().promises().map(got(key), GotValue::hasEntry);
    }

    /** What is there, on the loop. */
    private Promise<GotValue> got(String key) {
        return direct.query(
                key, body -> body.setKey(Calls.checkName("key", key)).setGet(GetValue.getDefaultInstance()), answer -> {
                    if (!answer.getCache().hasGot()) {
                        throw Errors.unexpectedAnswer(answer.getOutcomeCase());
                    }
                    return answer.getCache().getGot();
                });
    }

    Promise<Map<String, Entry>> getAll(Collection<String> keys) {
        List<String> asked = keys.stream().distinct().toList();
        return getAll(exchange.calls().promises(), asked);
    }

    private Promise<Map<String, Entry>> getAll(Promises promises, List<String> keys) {
        return promises.compose(gotAll(keys), values -> {
            Map<String, Entry> found = new LinkedHashMap<>();
            List<String> touchNow = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                GotValue got = values.get(i);
                String key = keys.get(i);
                if (got.hasEntry()) {
                    found.put(key, messages.entry(key, got.getEntry()));
                }
                if (mustTouch(got)) {
                    touchNow.add(key);
                } else if (got.getTouchSoon()) {
                    touches.add(exchange.namespace(), key);
                }
            }
            Map<String, Entry> outcome = Collections.unmodifiableMap(found);
            return touchNow.isEmpty()
                    ? Promises.direct().succeeded(outcome)
                    : Promises.direct()
                            .compose(
                                    touch(touchNow),
                                    missing -> missing.isEmpty()
                                            ? Promises.direct().succeeded(outcome)
                                            : getAll(Promises.direct(), keys));
        });
    }

    private Promise<List<GotValue>> gotAll(List<String> keys) {
        return direct.query(
                "",
                body -> {
                    GetValues.Builder all = body.getGetAllBuilder();
                    keys.forEach(key -> all.addKeys(Calls.checkName("key", key)));
                },
                answer -> answer.getCache().getGotAll().getValuesList());
    }

    private boolean mustTouch(GotValue got) {
        return exchange.calls()
                .isTouchDue(got.getEntry().getExpiresAtMillis(), got.getEntry().getSlidingMillis());
    }

    /** Tells that keys were accessed, and answers which of them do not exist any more. */
    private Promise<List<Integer>> touch(List<String> keys) {
        return touching.command(
                body -> body.setTouch(TouchValues.newBuilder().addAllKeys(keys)),
                reply -> reply.getCache().getTouched().getMissingList());
    }
}
