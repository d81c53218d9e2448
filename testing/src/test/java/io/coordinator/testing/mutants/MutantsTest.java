package io.coordinator.testing.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.runner.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The breaks themselves: that they fit the sources as these are today, and leave no promise out. */
class MutantsTest {
    private static final int BREAKS_OF_A_PROMISE_MIN = 3;
    /** The first column of the table of promises. */
    private static final Pattern PROMISE = Pattern.compile("^\\| ([A-Z][^|]+?) \\|.*");

    private static final Pattern FEATURE = Pattern.compile("[A-Z]+(-[A-Z0-9]+)+");

    private final Repository repository = Repository.here();
    private final List<Mutant> mutants = Mutant.in(repository.mutants());

    @Test
    void everyBreakFitsTheSources(@TempDir Path directory) throws IOException {
        for (Mutant mutant : mutants) {
            Overlay.broken(mutant, repository, directory.resolve(mutant.name()));
        }
    }

    @Test
    void everyBreakNamesTestsThatThereAre() {
        for (Mutant mutant : mutants) {
            for (Mutant.Selection selection : mutant.tests()) {
                for (String test : selection.tests()) {
                    assertThat(repository.testClass(selection.module(), test.split("#", 2)[0]))
                            .as("%s of %s", test, mutant.name())
                            .isNotEmpty();
                }
            }
        }
    }

    @Test
    void everyPromiseIsBrokenSeveralTimes() throws IOException {
        Set<String> promises = promises();
        assertThat(promises).hasSizeGreaterThan(10);
        Map<String, Long> breaks =
                mutants.stream().collect(Collectors.groupingBy(Mutant::promise, Collectors.counting()));
        for (String promise : promises) {
            assertThat(breaks.getOrDefault(promise, 0L)).as(promise).isGreaterThanOrEqualTo(BREAKS_OF_A_PROMISE_MIN);
        }
        assertThat(breaks.keySet())
                .allMatch(
                        promise -> promises.contains(promise)
                                || FEATURE.matcher(promise).matches(),
                        "is a line of docs/guarantees.md or the id of a feature");
    }

    private Set<String> promises() throws IOException {
        return Files.readAllLines(repository.root().resolve("docs/guarantees.md")).stream()
                .map(PROMISE::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    @Tag("soak")
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void nearlyAllAreCaught() throws IOException, InterruptedException {
        Process command = new ProcessBuilder(
                        repository.root().resolve("testing/mutants").toString())
                .inheritIO()
                .start();
        assertThat(command.waitFor()).as("exit code of testing/mutants").isZero();
    }
}
