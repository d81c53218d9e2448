package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.builds.KeyCodec;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.document.DocumentInfo;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.FenceMode;
import io.coordinator.client.option.Guard;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What can never work is refused when it is made, by constructors as by the methods beside them. */
@Feature({"C-40", "C-22"})
class ImpossibleOptionsTest {
    private static final String HALF = "k\uD83D";

    @Test
    void namesOfRecordsAreNames() {
        for (String bad : new String[] {"", "a\0", HALF}) {
            Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
            calls.put("key", () -> new WatchOptions(ChangeEvent.Data.CACHE, null, bad, false, 0));
            calls.put("namespace", () -> new WatchOptions(ChangeEvent.Data.CACHE, bad, "k", false, 0));
            calls.forEach((name, call) -> assertRefused(call, name));
            assertRefused(() -> WatchOptions.cacheKey("k").namespace(bad), "namespace");
            assertRefused(() -> WatchOptions.semaphoreName(bad), "key");
            assertRefused(() -> new Guard(bad, "l", 1), "namespace");
            assertRefused(() -> new Guard("n", bad, 1), "lock");
            assertRefused(() -> new Guard(bad, "l", 1, FenceMode.MONOTONIC), "namespace");
            assertRefused(() -> ReadThroughOptions.of(bad, String.class, String.class), "name");
            assertRefused(
                    () -> new ReadThroughOptions<>(bad, KeyCodec.of(String.class), String.class, null, false, null),
                    "name");
        }
    }

    @Test
    void prefixesMayBeEmptyButMustBeText() {
        assertThat(new WatchOptions(ChangeEvent.Data.CACHE, null, "", true, 0).key())
                .isEmpty();
        for (String bad : new String[] {"a\0", HALF}) {
            assertRefused(() -> new WatchOptions(ChangeEvent.Data.CACHE, null, bad, true, 0), "key");
            assertRefused(() -> WatchOptions.documentPrefix(bad), "key");
        }
    }

    @Test
    void optionsThatContradictEachOtherAreRefused() {
        Duration ttl = Duration.ofSeconds(1);
        for (DocumentInfo.Kind kind : new DocumentInfo.Kind[] {DocumentInfo.Kind.DURABLE, DocumentInfo.Kind.FILE}) {
            assertRefused(() -> new OpenOptions(null, false, kind, ttl), "ttl");
        }
        assertThat(new OpenOptions(null, false, DocumentInfo.Kind.EPHEMERAL, ttl).ttl())
                .isEqualTo(Optional.of(ttl));
        assertThat(OpenOptions.defaults().ephemeral(ttl).file().ttl()).isEmpty();
        assertRefused(() -> new OpenOptions("v", false, DocumentInfo.Kind.DURABLE, null), "content");
        assertRefused(
                () -> new ReadThroughOptions<>("c", KeyCodec.of(String.class), String.class, null, true, null),
                "slides");
    }

    private static void assertRefused(ThrowingCallable call, String argument) {
        assertThatThrownBy(call)
                .isInstanceOf(ValidationException.class)
                .hasMessageStartingWith("EINVAL: " + argument + " ");
    }
}
