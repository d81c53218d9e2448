package io.coordinator.state;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rules that keep the core a pure function of the log. */
@Feature("G-12")
class DeterminismTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.coordinator.state");

    private static final ArchRule NO_CLOCK = noClasses()
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.time..");

    private static final ArchRule NO_CHANCE = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.(Random|UUID|SplittableRandom|random\\..*)|java\\.security\\..*")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(System.class, "identityHashCode", Object.class)
            .orShould()
            .callMethod(Object.class, "hashCode");

    private static final ArchRule NO_THREAD = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.concurrent..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.lang\\.(Thread|ThreadLocal|Runtime|Process|ProcessBuilder)");

    /** A failure to encode into memory is declared as an IOException; that is all of java.io there is. */
    private static final ArchRule NO_IO = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                    .and(not(equivalentTo(IOException.class))))
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class);

    private static final ArchRule NO_TRANSPORT = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.ratis..", "io.grpc..", "io.netty..", "org.rocksdb..", "org.slf4j..");

    @Test
    void noClock() {
        NO_CLOCK.check(CORE);
    }

    @Test
    void noChance() {
        NO_CHANCE.check(CORE);
    }

    @Test
    void noThread() {
        NO_THREAD.check(CORE);
    }

    @Test
    void noInputOrOutput() {
        NO_IO.check(CORE);
    }

    @Test
    void noTransport() {
        NO_TRANSPORT.check(CORE);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("io.coordinator.(state..)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void dataTypesDoNotKnowEachOther() {
        slices().matching("io.coordinator.state.(lock|cache|build|semaphore|document|session)..")
                .should()
                .notDependOnEachOther()
                .check(CORE);
        noClasses()
                .that()
                .resideInAPackage("io.coordinator.state.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.coordinator.state",
                        "io.coordinator.state.lock..",
                        "io.coordinator.state.cache..",
                        "io.coordinator.state.builds..",
                        "io.coordinator.state.semaphore..",
                        "io.coordinator.state.document..",
                        "io.coordinator.state.session..")
                .check(CORE);
    }

    @Test
    void theRulesBite() {
        JavaClasses culprit = new ClassFileImporter().importClasses(Culprit.class);
        for (ArchRule rule : new ArchRule[] {NO_CLOCK, NO_CHANCE, NO_THREAD, NO_IO}) {
            assertThatThrownBy(() -> rule.check(culprit)).isInstanceOf(AssertionError.class);
        }
        assertThat(CORE).hasSizeGreaterThan(30);
    }

    /** Breaks every rule. */
    @SuppressWarnings("unused")
    private static final class Culprit {
        static long guilty() throws IOException {
            Files.createTempFile("a", "b");
            return System.nanoTime()
                    + new Random().nextLong()
                    + Thread.currentThread().getName().length();
        }
    }
}
