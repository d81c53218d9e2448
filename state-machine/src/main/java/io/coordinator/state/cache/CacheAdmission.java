package io.coordinator.state.cache;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.GetValues;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.state.kernel.Check;

/** What is wrong with commands and queries of the cache whatever the state. */
final class CacheAdmission {
    /** Of several keys at once: more would hold up everybody else. */
    private static final int KEYS_MAX = 1_000;

    private CacheAdmission() {}

    static void admit(CacheCommand cache, Check check) {
        check.known(cache).name("namespace", cache.getNamespace());
        if (cache.hasClear()) {
            check.prefix("prefix", cache.getKey());
        } else {
            admitKey(cache.getKey(), cache.hasPutAll() || cache.hasConfigure() || cache.hasTouch(), check);
        }
        switch (cache.getOperationCase()) {
            case PUT -> {
                PutValue put = cache.getPut();
                check.known(put).atLeast("ttl_millis", 0, put.getTtlMillis());
                admitValue("value", put.getValue(), put.getOpaque(), check);
            }
            case DELETE -> check.known(cache.getDelete());
            case COMPARE_AND_SET -> admit(cache.getCompareAndSet(), check);
            case INCREMENT -> admit(cache.getIncrement(), check);
            case PUT_ALL -> admit(cache.getPutAll(), check);
            case CONFIGURE ->
                check.known(cache.getConfigure())
                        .known(cache.getConfigure().getSettings())
                        .atLeast(
                                "ttl_millis",
                                0,
                                cache.getConfigure().getSettings().getTtlMillis())
                        .atLeast(
                                "entries_max",
                                0,
                                cache.getConfigure().getSettings().getEntriesMax())
                        .atLeast(
                                "bytes_max",
                                0,
                                cache.getConfigure().getSettings().getBytesMax());
            case CLEAR -> check.known(cache.getClear());
            case TOUCH -> {
                check.known(cache.getTouch())
                        .atMost("the number of keys", KEYS_MAX, cache.getTouch().getKeysCount());
                cache.getTouch().getKeysList().forEach(one -> check.name("key", one));
            }
            case OPERATION_NOT_SET -> check.unknown("the cache operation");
        }
    }

    private static void admit(CompareAndSet cas, Check check) {
        check.known(cas).known(cas.getExpect()).atLeast("ttl_millis", 0, cas.getTtlMillis());
        if (cas.hasNext()) {
            admitValue("next", cas.getNext(), cas.getOpaque(), check);
        }
        switch (cas.getExpect().getExpectationCase()) {
            case VALUE -> check.json("expected value", cas.getExpect().getValue());
            case ABSENT -> check.require(cas.getExpect().getAbsent(), "absent", "must be true if it is set");
            case ABSENT_OR_NULL ->
                check.require(cas.getExpect().getAbsentOrNull(), "absent_or_null", "must be true if it is set");
            case REVISION -> {}
            case EXPECTATION_NOT_SET -> check.unknown("the expectation");
        }
    }

    private static void admit(Increment increment, Check check) {
        check.known(increment).atLeast("ttl_millis", 0, increment.getTtlMillis());
        switch (increment.getAmountCase()) {
            case BY -> {}
            case BY_DECIMAL ->
                check.require(Double.isFinite(increment.getByDecimal()), "by_decimal", "is not a finite number");
            case AMOUNT_NOT_SET -> check.unknown("the amount");
        }
    }

    static void admit(CacheQuery cache, Check check) {
        check.known(cache).name("namespace", cache.getNamespace());
        switch (cache.getOperationCase()) {
            case GET -> check.name("key", cache.getKey());
            case SETTINGS -> admitKey(cache.getKey(), true, check);
            case GET_ALL -> admit(cache.getGetAll(), cache.getKey(), check);
            case SCAN -> {
                String after = cache.getScan().getAfter();
                check.prefix("prefix", cache.getKey())
                        .prefix("after", after)
                        .require(
                                after.isEmpty() || after.startsWith(cache.getKey()),
                                "after",
                                "does not start with the prefix; give the last key of the page before");
            }
            case OPERATION_NOT_SET -> check.unknown("the cache query");
        }
    }

    private static void admit(PutValues all, Check check) {
        check.known(all)
                .atLeast("ttl_millis", 0, all.getTtlMillis())
                .atLeast("the number of values", 1, all.getValuesCount())
                .atMost("the number of values", KEYS_MAX, all.getValuesCount());
        for (KeyedValue one : all.getValuesList()) {
            check.known(one).name("key", one.getKey()).json("value", one.getValue());
        }
    }

    private static void admit(GetValues all, String key, Check check) {
        admitKey(key, true, check);
        check.known(all).atMost("the number of keys", KEYS_MAX, all.getKeysCount());
        all.getKeysList().forEach(one -> check.name("key", one));
    }

    private static void admitValue(String what, ByteString value, boolean opaque, Check check) {
        if (opaque) {
            check.value(what, value.size());
        } else {
            check.json(what, value);
        }
    }

    private static void admitKey(String key, boolean severalKeys, Check check) {
        if (severalKeys) {
            check.require(
                    key.isEmpty(), "key", "is given where the operation says itself what it is about; leave it out");
        } else {
            check.name("key", key);
        }
    }
}
