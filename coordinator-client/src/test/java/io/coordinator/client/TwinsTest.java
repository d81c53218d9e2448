package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every call that waits has a twin that gives a stage: under the same name in the asynchronous face of its type, or with the ending
 * {@code Async} beside it.
 */
@Feature("B-35")
class TwinsTest {
    /** What has none, and why. */
    private static final Map<String, String> WITHOUT = Map.ofEntries(
            Map.entry("CoordinatorClient.async", "leads to the twins"),
            Map.entry("Data.async", "leads to the twins"),
            Map.entry("CoordinatorClient.addConnectionListener", "changes a list"),
            Map.entry("CoordinatorClient.callbackExecutor", "asks nobody"),
            Map.entry("CoordinatorClient.sessionId", "asks nobody"),
            Map.entry("CoordinatorClient.state", "asks nobody"),
            Map.entry("CoordinatorClient.watch", "waits for nothing: its listener is told"),
            Map.entry("Data.watch", "waits for nothing: its listener is told"),
            Map.entry("Document.watch", "waits for nothing: its listener is told"),
            Map.entry("CoordinatorClient.changes", "waits for nothing: its subscribers are told"),
            Map.entry("Data.changes", "waits for nothing: its subscribers are told"),
            Map.entry("CoordinatorClient.readThroughCache", "asks nobody; the cache has calls of both kinds"),
            Map.entry("CoordinatorClient.transaction", "asks nobody; the transaction has commits of both kinds"),
            Map.entry("Data.transaction", "asks nobody; the transaction has commits of both kinds"),
            Map.entry("Cache.asMap", "java.util.concurrent.ConcurrentMap has no stages"),
            Map.entry("Documents.mirrorToFile", "the file system has no stages"),
            Map.entry("MultiLockHandle.releaseStrict", "throws what releaseAsync tells of"));

    @Test
    void everyCallThatWaitsHasATwinOrAReason() {
        Set<String> missing = new TreeSet<>();
        PublicApi.all()
                .filter(call -> !call.isAsynchronous()
                        && !EveryCallEndsTest.isLocal(call)
                        && !isClose(call)
                        && !isTwin(call)
                        && call.type() != Lock.class
                        && !hasTwin(call))
                .forEach(call -> missing.add(call.name()));
        assertThat(missing).isEqualTo(new TreeSet<>(WITHOUT.keySet()));
    }

    private static boolean isTwin(PublicApi.Call call) {
        return call.type().getSimpleName().startsWith("Async");
    }

    /** Closing is for {@code try}; a release with a stage stands beside it. */
    private static boolean isClose(PublicApi.Call call) {
        return call.method().getName().equals("close");
    }

    private static boolean hasTwin(PublicApi.Call call) {
        return twins(call.type(), call.method().getName() + "Async").anyMatch(twin -> takesTheSame(call.method(), twin))
                || hasTwin(call, asynchronous(call.type()));
    }

    private static boolean hasTwin(PublicApi.Call call, Class<?> face) {
        String name = call.method().getName();
        return Stream.concat(twins(face, name), twins(face, name + "Async"))
                .anyMatch(twin -> takesTheSame(call.method(), twin));
    }

    private static Stream<Method> twins(Class<?> type, String name) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name));
    }

    /** A type without such a face has no twins there. */
    private static Class<?> asynchronous(Class<?> type) {
        try {
            return Class.forName(type.getPackageName() + ".Async" + type.getSimpleName());
        } catch (ClassNotFoundException e) {
            return Void.class;
        }
    }

    private static boolean takesTheSame(Method call, Method twin) {
        Class<?>[] given = call.getParameterTypes();
        Class<?>[] taken = twin.getParameterTypes();
        return given.length == taken.length
                && Stream.iterate(0, i -> i < given.length, i -> i + 1)
                        .allMatch(i -> given[i] == taken[i] || (isFunction(given[i]) && isFunction(taken[i])));
    }

    /** A function gives a value to one of the twins, and a stage to the other. */
    private static boolean isFunction(Class<?> type) {
        return type.isAnnotationPresent(FunctionalInterface.class);
    }
}
