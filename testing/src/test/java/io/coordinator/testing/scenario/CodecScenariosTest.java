package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.KeyCodec;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.L1Store;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cache.OpaqueCache;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.error.ValidationException;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Codecs and stores of users that throw, or answer what they should not. */
@CoordinatorCluster(nodes = 1)
class CodecScenariosTest {
    /** A codec of two functions. */
    private record Codec(Function<String, byte[]> encoder, Function<byte[], String> decoder)
            implements ValueCodec<String> {
        @Override
        public byte[] encode(String value) {
            return encoder.apply(value);
        }

        @Override
        public String decode(byte[] bytes) {
            return decoder.apply(bytes);
        }
    }

    @SuppressWarnings("NullAway") // that is what it is about
    private static List<Codec> badCodecs() {
        return List.of(
                new Codec(value -> null, bytes -> null),
                new Codec(
                        value -> {
                            throw new AssertionError("from the codec");
                        },
                        bytes -> {
                            throw new IllegalStateException("from the codec");
                        }));
    }

    @Test
    @Feature({"C-25", "A-15"})
    void whatACodecOfOpaqueValuesDoesWrongComesAsOneException(CoordinatorClient client) {
        OpaqueCache<String> good = client.namespace("codecs")
                .cache()
                .opaque(new Codec(
                        value -> value.getBytes(StandardCharsets.UTF_8),
                        bytes -> new String(bytes, StandardCharsets.UTF_8)));
        good.put("k", "v");
        for (Codec bad : badCodecs()) {
            OpaqueCache<String> values = client.namespace("codecs").cache().opaque(bad);
            assertThatThrownBy(() -> values.put("k", "w"))
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("codec");
            assertThatThrownBy(() -> values.compareAndSet("k", 0, "w"))
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("codec");
            assertThatThrownBy(() -> values.get("k"))
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("codec");
        }
        assertThat(good.get("k").orElseThrow().value()).isEqualTo("v");
    }

    @Test
    @Feature({"C-25", "JC-OPT-2"})
    @SuppressWarnings("NullAway") // that is what it is about
    void aKeyCodecThatMakesNullOfAKeyIsNamed(CoordinatorClient client) {
        KeyCodec<String> codec = key -> null;
        ReadThroughCache<String, String> cache =
                client.readThroughCache(ReadThroughOptions.of("null-codec", codec, String.class));
        assertThatThrownBy(() -> cache.get("k"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("key codec of null-codec");
    }

    @Test
    @Feature({"C-25", "JC-L1-8"})
    void aStoreThatHasSomethingElseUnderAKeyIsNotUsed(CoordinatorClient client) {
        L1Options options = L1Options.defaults().store(new ForeignStore());
        try (ReadThroughCache<String, String> cache = client.readThroughCache(
                ReadThroughOptions.of("foreign", String.class, String.class).l1(options))) {
            for (int i = 0; i < 100; i++) { // also when its watch has started, from when on copies are used
                assertThat(cache.<RuntimeException>buildOrRetrieve("k", build -> "v", Duration.ofSeconds(10)))
                        .isEqualTo("v");
                client.ping();
            }
        }
    }

    private static final class ForeignStore implements L1Store {
        @Override
        public @Nullable Object get(String key) {
            return "somebody else's";
        }

        @Override
        public void put(String key, Object copy) {}

        @Override
        public void remove(String key) {}

        @Override
        public void clear() {}
    }
}
