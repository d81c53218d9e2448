package io.coordinator.state.cache;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.PutValue;
import io.coordinator.state.kernel.Check;

/** What is wrong with commands and queries of the cache whatever the state. */
final class CacheAdmission {
    private CacheAdmission() {}

    static void admit(CacheCommand cache, Check check) {
        if (!cache.hasClear()) {
            admitKey(cache.getKey(), cache.hasPutAll() || cache.hasConfigure() || cache.hasTouch(), check);
        }
        switch (cache.getOperationCase()) {
            case PUT -> {
                PutValue put = cache.getPut();
                check.atLeast("ttl_millis", 0, put.getTtlMillis());
                admitValue("value", put.getValue(), put.getOpaque(), check);
            }
            case COMPARE_AND_SET -> admit(cache.getCompareAndSet(), check);
            case INCREMENT -> admit(cache.getIncrement(), check);
            case PUT_ALL -> check.atLeast("ttl_millis", 0, cache.getPutAll().getTtlMillis());
            case CONFIGURE ->
                check.atLeast(
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
            case DELETE, CLEAR, TOUCH -> {}
            case OPERATION_NOT_SET -> check.unknown("the cache operation");
        }
    }

    private static void admit(CompareAndSet cas, Check check) {
        check.atLeast("ttl_millis", 0, cas.getTtlMillis());
        if (cas.hasNext()) {
            admitValue("next", cas.getNext(), cas.getOpaque(), check);
        }
        check.expectation(cas.getExpect());
    }

    private static void admit(Increment increment, Check check) {
        check.atLeast("ttl_millis", 0, increment.getTtlMillis());
        switch (increment.getAmountCase()) {
            case BY -> {}
            case BY_DECIMAL ->
                check.require(Double.isFinite(increment.getByDecimal()), "by_decimal", "is not a finite number");
            case AMOUNT_NOT_SET -> check.unknown("the amount");
        }
    }

    static void admit(CacheQuery cache, Check check) {
        switch (cache.getOperationCase()) {
            case GET -> admitKey(cache.getKey(), false, check);
            case SETTINGS, GET_ALL -> admitKey(cache.getKey(), true, check);
            case SCAN -> {
                String after = cache.getScan().getAfter();
                check.require(
                        after.isEmpty() || after.startsWith(cache.getKey()),
                        "after",
                        "does not start with the prefix; give the last key of the page before");
            }
            case OPERATION_NOT_SET -> check.unknown("the cache query");
        }
    }

    private static void admitValue(String what, ByteString value, boolean opaque, Check check) {
        if (!opaque) {
            check.json(what, value);
        }
    }

    private static void admitKey(String key, boolean severalKeys, Check check) {
        if (severalKeys) {
            check.require(
                    key.isEmpty(), "key", "is given where the operation says itself what it is about; leave it out");
        } else {
            check.present("key", key);
        }
    }
}
