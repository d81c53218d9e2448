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
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.fault.FaultyLibrary;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
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

    /** They turn the dates of people into those of the client's host, and say so. */
    private static final Set<String> ASKED_FOR_DATES = Set.of(
            "io.coordinator.client.option.SubmitOptions.withNotBefore",
            "io.coordinator.client.internal.schedule.ScheduleCalls.preview");

    private static final List<String> PROCESSES = List.of("n1", "n2", "n3", "clock");

    private static final Duration TTL = Duration.ofSeconds(3);

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
                        String caller = call.getOriginOwner().getName() + "."
                                + call.getOrigin().getName();
                        return WALL_CLOCK_CALLS.contains(target.getOwner().getName() + "." + target.getName())
                                && !ASKED_FOR_DATES.contains(caller);
                    }
                })
                .check(classes);
    }

    @Test
    @Feature({"S-77", "G-3", "A-39"})
    void aClockThatJumpsAnHourForthAndBackExpiresNothingEarly() throws IOException, InterruptedException {
        assumeTrue(FaultyLibrary.isAvailable(), "needs a C compiler");
        FaultyLibrary clock = FaultyLibrary.compile(directory, PROCESSES);
        assertJumps(clock);
        try (ProcessCluster cluster =
                ProcessCluster.start(ClusterOptions.defaults().launch(clock.launch()))) {
            CoordinatorClient a = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(20)));
            CoordinatorClient b = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(20)));
            LockHandle session = a.lock("by-session").acquire();
            long start = System.nanoTime();
            a.lock("by-ttl").acquire(LockOptions.defaults().ttl(TTL).autoRenew(false));
            a.cache().put("key", "value", PutOptions.ttl(TTL));
            Map<String, CompletableFuture<Duration>> ends = Map.of(
                    "the lock's ttl",
                    end(start, () -> a.lock("by-ttl").inspect().holder().isEmpty()),
                    "the entry's ttl",
                    end(start, () -> a.cache().get("key").isEmpty()),
                    "the wait",
                    end(start, () -> b.lock("by-session").tryAcquire(TTL).isEmpty()));
            for (Duration jump : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
                for (String process : PROCESSES) {
                    clock.setClock(process, jump);
                }
                Waiting.pass(TTL.dividedBy(3));
            }
            ends.forEach((what, end) -> assertThat(Waiting.get(end)).as(what).isGreaterThanOrEqualTo(TTL));
            assertThat(a.lock("by-session").verify(session.token())).isTrue();
            assertThat(session.isHeld()).isTrue();
        }
    }

    /** How long after {@code startNanos} something was first seen to have ended. */
    private static CompletableFuture<Duration> end(long startNanos, Callable<Boolean> hasEnded) {
        return CompletableFuture.supplyAsync(() -> {
            Waiting.await("an end").until(hasEnded);
            return Duration.ofNanos(System.nanoTime() - startNanos);
        });
    }

    /** The fault itself works. */
    private void assertJumps(FaultyLibrary clock) throws IOException {
        clock.setClock("clock", Duration.ofHours(1));
        JavaProcess process =
                JavaProcess.start("clock", directory.resolve("clock.log"), clock.launch(), PrintTime.class, List.of());
        assertThat(process.awaitExit()).isZero();
        String last = process.tail(1);
        assertThat(Instant.ofEpochMilli(Long.parseLong(last)))
                .isAfter(Instant.now().plus(Duration.ofMinutes(55)));
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
