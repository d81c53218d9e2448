package io.coordinator.server.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JvmOptionsTest {
    private static final long GIB = 1L << 30;

    @Test
    void aServerOnFewProcessorsGetsACollectorWithoutThreadsOfItsOwn() {
        assertThat(JvmOptions.ofServer(1, 8 * GIB)).containsExactly("-XX:+UseSerialGC");
        assertThat(JvmOptions.ofServer(2, GIB / 2)).containsExactly("-XX:+UseSerialGC");
        assertThat(JvmOptions.ofServer(2, GIB - GIB / 16)).containsExactly("-XX:+UseParallelGC");
    }

    @Test
    void oneThatEndsSoonGoesWithoutTheSecondCompilerThere() {
        assertThat(JvmOptions.ofShortServer(2, GIB / 2)).containsExactly("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        assertThat(JvmOptions.ofShortServer(3, GIB)).isEmpty();
    }

    @Test
    void onMoreProcessorsTheJvmChooses() {
        assertThat(JvmOptions.ofServer(3, GIB)).isEmpty();
        assertThat(JvmOptions.ofServer(64, 64 * GIB)).isEmpty();
    }

    @Test
    void optionsAreOnlyThoseThatTheVersionKnows() {
        assertThat(JvmOptions.ofEvery(17)).noneMatch(option -> option.startsWith("--"));
        assertThat(JvmOptions.ofEvery(22))
                .contains("--enable-native-access=ALL-UNNAMED")
                .hasSize(2);
        assertThat(JvmOptions.ofEvery(25)).contains("--sun-misc-unsafe-memory-access=allow");
    }

    @Test
    void laterOptionsComeLastAndReplaceTheCollector() {
        assertThat(JvmOptions.join(JvmOptions.ofShortClient(), List.of("-XX:TieredStopAtLevel=4", "-XX:+UseZGC")))
                .containsExactly("-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4", "-XX:+UseZGC");
        assertThat(JvmOptions.join(JvmOptions.ofShortClient(), List.of("-Xmx1g")))
                .containsExactly("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g");
    }

    @Test
    void aVariableHoldsSeveralOptionsOrNone() {
        assertThat(JvmOptions.split(" -Xmx1g\t-XX:+UseZGC ")).containsExactly("-Xmx1g", "-XX:+UseZGC");
        assertThat(JvmOptions.split("  ")).isEmpty();
    }
}
