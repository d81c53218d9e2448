package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.LockHandle;
import io.coordinator.client.LockOptions;
import io.coordinator.client.PutOptions;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the wall clock does, nothing expires before its time. */
class WallClockTest {
    private static final Set<String> WALL_CLOCK_CALLS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.system",
            "java.util.Date.<init>",
            "java.util.Calendar.getInstance");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    @Feature({"S-77", "G-3"})
    void neitherServerNorCoreNorClientAsksForTheTimeOfDay() {
        JavaClasses classes = new ClassFileImporter()
                .importPackages("io.coordinator.server", "io.coordinator.state", "io.coordinator.client");
        assertThat(classes).hasSizeGreaterThan(100);
        ArchRuleDefinition.noClasses()
                .should()
                .callCodeUnitWhere(new DescribedPredicate<JavaCall<?>>("the target reads the wall clock") {
                    @Override
                    public boolean test(JavaCall<?> call) {
                        CodeUnitCallTarget target = call.getTarget();
                        return WALL_CLOCK_CALLS.contains(target.getOwner().getName() + "." + target.getName());
                    }
                })
                .check(classes);
    }

    @Test
    @Feature({"S-77", "G-3", "A-39"})
    void aClockThatJumpsAnHourForthAndBackExpiresNothingEarlyAndNothingLate() throws IOException, InterruptedException {
        assumeTrue(WallClock.isAvailable(), "needs a C compiler");
        WallClock clock = WallClock.compile(directory);
        assertJumps(clock);
        try (ProcessCluster cluster =
                ProcessCluster.start(ClusterOptions.defaults().launch(clock.launch()))) {
            CoordinatorClient a = cluster.client();
            CoordinatorClient b = cluster.client();
            long start = System.nanoTime();
            LockHandle session = a.lock("by-session").acquire();
            LockHandle timed = a.lock("by-ttl")
                    .acquire(LockOptions.defaults().ttl(Duration.ofSeconds(4)).autoRenew(false));
            a.cache().put("key", "value", PutOptions.ttl(Duration.ofSeconds(4)));
            CompletableFuture<Optional<LockHandle>> wait = b.async()
                    .lock("by-session")
                    .tryAcquire(Duration.ofSeconds(4))
                    .toCompletableFuture();
            for (Duration jump : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
                clock.jumpTo(jump);
                long jumped = System.nanoTime();
                Waiting.await("nothing expires")
                        .during(Duration.ofMillis(1_200))
                        .until(() -> a.lock("by-session").verify(session.token())
                                && a.lock("by-ttl").verify(timed.token())
                                && a.cache().get("key").isPresent()
                                && !wait.isDone());
                assertThat(Duration.ofNanos(System.nanoTime() - jumped)).isGreaterThan(Duration.ofSeconds(1));
            }
            Waiting.await("the end of the ttl").until(() -> a.cache().get("key").isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(9));
            assertThat(Waiting.get(wait)).isEmpty();
            assertThat(a.lock("by-session").verify(session.token())).isTrue();
        }
    }

    /** The fault itself works. */
    private void assertJumps(WallClock clock) throws IOException {
        clock.jumpTo(Duration.ofHours(1));
        JavaProcess process =
                JavaProcess.start("clock", directory.resolve("clock.log"), clock.launch(), PrintTime.class, List.of());
        assertThat(process.awaitExit()).isZero();
        String last = process.tail(1);
        assertThat(Instant.ofEpochMilli(Long.parseLong(last)))
                .isAfter(Instant.now().plus(Duration.ofMinutes(55)));
        clock.jumpTo(Duration.ZERO);
    }

    /** Prints the time of day. */
    public static final class PrintTime {
        private PrintTime() {}

        /** Takes no arguments. */
        public static void main(String[] arguments) {
            System.out.println(System.currentTimeMillis());
        }
    }
}
