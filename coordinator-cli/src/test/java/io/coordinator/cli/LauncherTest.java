package io.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.cli.FakeCheckout.Outcome;
import io.coordinator.server.jvm.JvmOptions;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, run as it is, in a checkout where everything around it is fake. */
@Feature("PM-CLI-5")
class LauncherTest {
    private final Path directory;
    private final FakeCheckout checkout;

    LauncherTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.checkout = new FakeCheckout(directory);
    }

    @Nested
    class WhichJdk {
        @Test
        void newestWins() throws Exception {
            checkout.jdk("old", "17.0.15");
            checkout.jdk("newest", "25.0.3");
            checkout.jdk("newer", "25");
            assertThat(checkout.run("version").out()).startsWith("java newest\n");
        }

        @Test
        void versionsAreComparedAsNumbers() throws Exception {
            checkout.jdk("nine", "21.0.9");
            checkout.jdk("ten", "21.0.10");
            assertThat(checkout.run("version").out()).startsWith("java ten\n");
        }

        @Test
        void olderThanSeventeenIsIgnored() throws Exception {
            checkout.jdk("eight", "1.8.0_402");
            checkout.jdk("eleven", "11.0.22");
            Outcome outcome = checkout.run("version");
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).contains("no JDK 17 or newer found").contains("openjdk-17-jdk");
            assertThat(outcome.out()).isEmpty();
        }

        @Test
        void earlyAccessAndForeignFoldersDoNoHarm() throws Exception {
            checkout.jdk("early", "26-ea");
            Files.createDirectories(checkout.jdks.resolve("not-a-jdk"));
            Files.writeString(checkout.jdk("broken", "x").resolve("release"), "rubbish");
            assertThat(checkout.run("version").out()).startsWith("java early\n");
        }

        @Test
        void javaHomeCountsAsOneMoreCandidate() throws Exception {
            checkout.set("JAVA_HOME", checkout.jdk("home", "21.0.2").toString());
            checkout.set("COORD_JDK_DIRS", "");
            assertThat(checkout.run("version").out()).startsWith("java home\n");
        }

        @Test
        void linkOnThePathCounts() throws Exception {
            Path home = checkout.jdk("path", "21.0.2");
            Files.createSymbolicLink(checkout.bin.resolve("java"), home.resolve("bin/java"));
            Files.createSymbolicLink(checkout.bin.resolve("javac"), home.resolve("bin/javac"));
            checkout.set("COORD_JDK_DIRS", "");
            assertThat(checkout.run("version").out()).startsWith("java path\n");
        }

        @Test
        void choiceOfTheUserIsFinal() throws Exception {
            checkout.jdk("newest", "25.0.3");
            checkout.set("COORD_JAVA_HOME", checkout.jdk("chosen", "17.0.1").toString());
            assertThat(checkout.run("version").out()).startsWith("java chosen\n");
        }

        @Test
        void unusableChoiceIsRefusedByName() throws Exception {
            checkout.jdk("newest", "25.0.3");
            checkout.set("COORD_JAVA_HOME", "/nowhere");
            Outcome outcome = checkout.run("version");
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).contains("COORD_JAVA_HOME=/nowhere");
        }

        @Test
        void flagsAreOnlyThoseThatTheJdkKnows() throws Exception {
            checkout.jdk("a", "17.0.15");
            assertThat(checkout.run("version").out()).doesNotContain("--sun-misc", "--enable-native");
            checkout.jdk("b", "25.0.3");
            assertThat(checkout.run("version").out())
                    .contains("--sun-misc-unsafe-memory-access=allow\n--enable-native-access=ALL-UNNAMED\n");
        }
    }

    @Nested
    class OptionsOfTheJvm {
        @BeforeEach
        void withJdk() throws IOException {
            checkout.jdk("a", "25.0.3");
        }

        private List<String> flags(String javaOpts, String command) throws Exception {
            checkout.set("JAVA_OPTS", javaOpts);
            List<String> words = checkout.run(command).out().lines().toList();
            return words.subList(1, words.indexOf("-cp"));
        }

        @Test
        void aShortCommandGetsWhatShortClientsGet() throws Exception {
            assertThat(flags("", "version"))
                    .containsAll(JvmOptions.ofEvery(25))
                    .containsAll(JvmOptions.ofShortClient())
                    .doesNotContain("-XX:+ExitOnOutOfMemoryError");
        }

        @Test
        void aServerGetsWhatSuitsItsProcessorsAndItsHeap() throws Exception {
            assertThat(flags("-XX:ActiveProcessorCount=1 -Xmx2g", "serve"))
                    .containsAll(JvmOptions.ofEvery(25))
                    .contains("-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC")
                    .noneMatch(flag -> flag.startsWith("-XX:Tiered"));
            assertThat(flags("-XX:ActiveProcessorCount=2 -Xmx1g", "serve")).contains("-XX:+UseParallelGC");
            assertThat(flags("-XX:ActiveProcessorCount=2 -Xmx300m", "serve")).contains("-XX:+UseSerialGC");
            assertThat(flags("-XX:ActiveProcessorCount=8", "serve"))
                    .contains("-XX:+ExitOnOutOfMemoryError")
                    .noneMatch(flag -> flag.startsWith("-XX:Tiered") || flag.matches("-XX:\\+Use.*GC"));
        }

        @Test
        void optionsOfTheUserComeLast() throws Exception {
            String options = "-XX:ActiveProcessorCount=1 -XX:TieredStopAtLevel=4 -Xmx300m";
            assertThat(flags(options, "serve")).endsWith(options.split(" ", -1));
            assertThat(flags(options, "version")).endsWith(options.split(" ", -1));
        }

        @Test
        void aCollectorOfTheUserIsTheOnlyOne() throws Exception {
            String options = "-XX:ActiveProcessorCount=1 -XX:+UseG1GC";
            for (String command : List.of("serve", "version")) {
                assertThat(flags(options, command)).contains("-XX:+UseG1GC").doesNotContain("-XX:+UseSerialGC");
            }
            checkout.set("JAVA_TOOL_OPTIONS", "-Dx=y -XX:+UseZGC");
            assertThat(flags("", "version")).doesNotContain("-XX:+UseSerialGC");
        }

        @Test
        void whatServesTheUsersDebuggingIsNotTriedOutFirst() throws Exception {
            Path once = directory.resolve("once.log");
            flags("-Xlog:gc:file=" + once, "serve");
            assertThat(once).doesNotExist();
        }
    }

    @Nested
    class WhenToBuild {
        @BeforeEach
        void withJdk() throws IOException {
            checkout.jdk("a", "17.0.15");
        }

        @Test
        void missingDistributionIsBuiltOnce() throws Exception {
            Outcome first = checkout.run("version");
            assertThat(first.exitCode()).isZero();
            assertThat(first.err()).startsWith("building ").contains("\nbuilt in ");
            assertThat(checkout.mavenRuns())
                    .singleElement()
                    .asString()
                    .endsWith("-Dquick package -pl coordinator-cli -am");
            Outcome second = checkout.run("version");
            assertThat(second.err()).isEmpty();
            assertThat(checkout.mavenRuns()).hasSize(1);
        }

        @Test
        void buildTellsWhatItDoes() throws Exception {
            checkout.maven("""
                echo '[INFO] Downloading from central: https://repo.maven.apache.org/maven2/a/a/1/a-1.pom'
                echo '[INFO] Building Coordinator 0.1.0-SNAPSHOT                                   [1/8]'
                echo '[INFO] Building Coordinator :: protocol 0.1.0-SNAPSHOT                       [3/8]'
                echo '[INFO] Building jar: /somewhere/a.jar'
                mkdir -p coordinator-cli/target/dist/lib coordinator-cli/target/dist/bin\
                """);
            Outcome outcome = checkout.run("version");
            assertThat(outcome.err())
                    .containsSubsequence(
                            "  downloading libraries (file 1)\n", "  module 3 of 8: protocol\n", "built in ")
                    .doesNotContain("INFO", "a.jar");
            assertThat(checkout.root.resolve("coordinator-cli/target/build.log"))
                    .content()
                    .contains("[INFO] Building jar: /somewhere/a.jar");
        }

        @Test
        void editedSourceIsBuilt() throws Exception {
            checkout.run("version");
            checkout.edit(checkout.source());
            checkout.run("version");
            assertThat(checkout.mavenRuns()).hasSize(2);
        }

        @Test
        void editedPomsAreBuilt() throws Exception {
            checkout.run("version");
            checkout.edit(checkout.root.resolve("coordinator-cli/pom.xml"));
            checkout.run("version");
            checkout.backdate();
            checkout.edit(checkout.root.resolve("pom.xml"));
            checkout.run("version");
            assertThat(checkout.mavenRuns()).hasSize(3);
        }

        @Test
        void removedSourceIsBuilt() throws Exception {
            checkout.run("version");
            Files.delete(checkout.source());
            checkout.edit(checkout.root.resolve("coordinator-cli/src/main/java"));
            checkout.run("version");
            assertThat(checkout.mavenRuns()).hasSize(2);
        }

        @Test
        void editDuringABuildIsBuiltNextTime() throws Exception {
            checkout.maven("sleep 0.1; echo edited >coordinator-cli/src/main/java/A.java\n"
                    + "mkdir -p coordinator-cli/target/dist/lib coordinator-cli/target/dist/bin");
            checkout.run("version");
            checkout.run("version");
            assertThat(checkout.mavenRuns()).hasSize(2);
        }

        @Test
        void changedTestIsNot() throws Exception {
            checkout.run("version");
            Path test = Files.createDirectories(checkout.root.resolve("coordinator-cli/src/test/java"));
            checkout.edit(Files.writeString(test.resolve("ATest.java"), ""));
            checkout.run("version");
            assertThat(checkout.mavenRuns()).hasSize(1);
        }

        @Test
        void failedBuildIsShownAndNotTakenForADistribution() throws Exception {
            checkout.maven("echo '[INFO] as usual'; echo '[ERROR] does not compile'; exit 1");
            Outcome outcome = checkout.run("version");
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .contains("[ERROR] does not compile", "the build failed", "build.log")
                    .doesNotContain("as usual");
            checkout.run("version");
            assertThat(checkout.mavenRuns()).hasSize(2);
        }

        @Test
        void missingMavenIsNamed() throws Exception {
            checkout.withoutTool("mvn");
            Outcome outcome = checkout.run("version");
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).contains("'mvn' is not on the PATH").contains("apt-get install maven");
        }

        @Test
        void concurrentLaunchesBuildOnce() throws Exception {
            concurrentLaunches();
        }

        @Test
        void concurrentLaunchesBuildOnceWithoutFlock() throws Exception {
            checkout.withoutTool("flock");
            concurrentLaunches();
            assertThat(Files.isSymbolicLink(checkout.root.resolve("target/launcher.lock.owner")))
                    .isFalse();
        }

        @Test
        void lockOfAKilledLauncherIsTakenOver() throws Exception {
            checkout.withoutTool("flock");
            Process dead = new ProcessBuilder("true").start();
            dead.waitFor();
            Path lock = Files.createDirectories(checkout.root.resolve("target")).resolve("launcher.lock.owner");
            Files.createSymbolicLink(lock, Path.of(Long.toString(dead.pid())));
            concurrentLaunches();
            assertThat(Files.isSymbolicLink(lock)).isFalse();
        }

        private void concurrentLaunches() throws IOException, InterruptedException {
            checkout.maven("sleep 0.5; mkdir -p coordinator-cli/target/dist/lib coordinator-cli/target/dist/bin");
            List<Process> launches = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                launches.add(checkout.start(checkout.root.resolve("coordinator"), checkout.root, "version"));
            }
            for (Process launch : launches) {
                assertThat(FakeCheckout.outcome(launch).exitCode()).isZero();
            }
            assertThat(checkout.mavenRuns()).hasSize(1);
        }
    }

    @Nested
    class ClassArchive {
        private int archivesMade() throws IOException {
            Path log = directory.resolve("archives");
            return Files.exists(log) ? Files.readAllLines(log).size() : 0;
        }

        @Test
        void isMadeOnceAndUsedByClientCommands() throws Exception {
            checkout.archiving("echo made >>'" + directory + "/archives'; echo classes >\"$archive\"");
            checkout.jdk("a", "17.0.15");
            String archive = checkout.root + "/coordinator-cli/target/dist/classes-17.0.15.jsa";
            assertThat(checkout.run("version").out()).contains("-XX:SharedArchiveFile=" + archive + "\n");
            assertThat(checkout.run("version").out()).contains("-XX:SharedArchiveFile=" + archive + "\n");
            assertThat(archivesMade()).isEqualTo(1);
            assertThat(checkout.run("serve").out()).doesNotContain("SharedArchiveFile");
        }

        @Test
        void isMadeAgainForAnotherJdkAndAfterABuild() throws Exception {
            checkout.archiving("echo made >>'" + directory + "/archives'; echo classes >\"$archive\"");
            checkout.jdk("a", "17.0.15");
            checkout.run("version");
            checkout.jdk("b", "25");
            checkout.run("version");
            assertThat(archivesMade()).isEqualTo(2);
            checkout.edit(checkout.source());
            checkout.run("version");
            assertThat(archivesMade()).isEqualTo(3);
        }

        @Test
        void failureIsNoneOfTheUsersBusinessAndNotRepeated() throws Exception {
            checkout.archiving("echo made >>'" + directory + "/archives'; echo oops >&2; exit 1");
            checkout.jdk("a", "17.0.15");
            Outcome outcome = checkout.run("version");
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.err())
                    .startsWith("building")
                    .contains("preparing")
                    .doesNotContain("oops");
            assertThat(outcome.out()).doesNotContain("SharedArchiveFile");
            checkout.run("version");
            assertThat(archivesMade()).isEqualTo(1);
        }
    }

    @Nested
    class FromWhere {
        @BeforeEach
        void withJdk() throws IOException {
            checkout.jdk("a", "17.0.15");
        }

        @Test
        void aStreamThatIsClosedIsNoOtherFile() throws Exception {
            Path java = checkout.jdks.resolve("a/bin/java");
            Files.writeString(java, "#!/bin/sh\ncat - || echo 'unread' >&2\n");
            String launcher = checkout.root.resolve("coordinator").toString();
            Outcome outcome = FakeCheckout.outcome(
                    checkout.start(Path.of("/bin/sh"), checkout.root, "-c", "exec '" + launcher + "' version <&-"));
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).endsWith("unread\n");
        }

        @Test
        void argumentsArePassedUnchanged() throws Exception {
            assertThat(checkout.run("put", "a key", "{\"x\": \"$HOME *\"}", "").out())
                    .endsWith("io.coordinator.cli.Main\nput\na key\n{\"x\": \"$HOME *\"}\n\n");
        }

        @Test
        void throughLinksFromAnotherFolder() throws Exception {
            Path links = Files.createDirectories(directory.resolve("links"));
            Path inner = Files.createSymbolicLink(links.resolve("inner"), Path.of("..", "check out", "coordinator"));
            Path outer = Files.createSymbolicLink(links.resolve("coordinator"), Path.of("inner"));
            Outcome outcome = FakeCheckout.outcome(checkout.start(outer, directory, "version"));
            assertThat(outcome.out()).contains(checkout.root + "/coordinator-cli/target/dist/lib/*");
            assertThat(inner).isSymbolicLink();
        }

        @Test
        void unpackedDistributionNeedsNeitherMavenNorSources() throws Exception {
            checkout.withoutTool("mvn");
            Path dist = Files.createDirectories(directory.resolve("unpacked/coordinator-1.0"));
            Files.createDirectories(dist.resolve("lib"));
            Path launcher = Files.createDirectories(dist.resolve("bin")).resolve("coordinator");
            Files.copy(checkout.root.resolve("coordinator"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
            checkout.archiving("echo classes >\"$archive\"");
            checkout.jdk("archiving", "17.0.16");
            Outcome outcome = FakeCheckout.outcome(checkout.start(launcher, directory, "version"));
            assertThat(outcome.err()).isEqualTo("preparing faster starts with JDK 17.0.16, once\n");
            assertThat(outcome.out())
                    .contains(dist + "/lib/*")
                    .contains("-XX:SharedArchiveFile=" + dist + "/classes-17.0.16.jsa\n");
            Outcome second = FakeCheckout.outcome(checkout.start(launcher, directory, "version"));
            assertThat(second.err()).isEmpty();
            assertThat(second.out()).isEqualTo(outcome.out());
        }

        @Test
        void scriptAloneSaysWhatIsMissing() throws Exception {
            Path alone = Files.createDirectories(directory.resolve("alone")).resolve("coordinator");
            Files.copy(checkout.root.resolve("coordinator"), alone, StandardCopyOption.COPY_ATTRIBUTES);
            Outcome outcome = FakeCheckout.outcome(checkout.start(alone, directory, "version"));
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).contains("neither in a checkout nor in a distribution");
        }
    }
}
