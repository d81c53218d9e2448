package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The catalogue has a line for every id that tests, sources and pages name, and none for an id that nothing names. */
class CatalogueTest {
    private static final Path CATALOGUE = Project.ROOT.resolve("docs/catalogue.md");
    private static final String ID = "(?:[A-Z]{2}-[A-Z][A-Z0-9]*-\\d+|[ABCGMRSU]-\\d{1,2}b?)";
    private static final Pattern NAMED = Pattern.compile("(?<![\\w-])" + ID + "(?![\\w-])");
    private static final Pattern LINE = Pattern.compile("(?m)^\\| (" + ID + ") \\| \\S.*[.] \\|$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| [A-Z][^|]*-[^|]*\\|.*$");
    private static final Pattern FEATURES = Pattern.compile("@Feature\\(\\s*(\\{[^}]*}|\"[^\"]*\")\\s*\\)");
    private static final Pattern BREAKS = Pattern.compile("(?m)^Promise: (" + ID + ")$");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    @Test
    void theIdsOfTestsAreWellFormed() throws IOException {
        assertThat(ofTests())
                .as("ids of tests")
                .hasSizeGreaterThan(400)
                .allMatch(Pattern.compile(ID).asMatchPredicate());
    }

    @Test
    void everyIdThatIsNamedHasALineAndEveryLineIsNamed() throws IOException {
        Set<String> named = ofTests();
        named.addAll(ofText(file -> Project.isPage(file) && !file.equals(CATALOGUE)));
        named.addAll(ofText(Project::isMain));
        named.addAll(ofBreaks());

        assertThat(lines()).as("ids with a line in docs/catalogue.md").containsExactlyInAnyOrderElementsOf(named);
    }

    /** One that the pattern passes over, for want of a full stop or of a meaning, would look as if it were missing. */
    @Test
    void everyRowIsAnIdAndASentence() throws IOException {
        String catalogue = Files.readString(CATALOGUE);

        assertThat(ROW.matcher(catalogue).results().map(row -> row.group()))
                .isNotEmpty()
                .allMatch(LINE.asMatchPredicate());
    }

    private static List<String> lines() throws IOException {
        return LINE.matcher(Files.readString(CATALOGUE))
                .results()
                .map(line -> line.group(1))
                .toList();
    }

    private static Set<String> ofTests() throws IOException {
        Set<String> ids = new TreeSet<>();
        for (Path file : Project.files(Project::isTest)) {
            Matcher features = FEATURES.matcher(Files.readString(file));
            while (features.find()) {
                QUOTED.matcher(features.group(1)).results().forEach(id -> ids.add(id.group(1)));
            }
        }
        return ids;
    }

    /** What a break on purpose breaks is a promise of docs/guarantees.md or an id. */
    private static Set<String> ofBreaks() throws IOException {
        Set<String> ids = new TreeSet<>();
        for (Path file : Project.files(one -> one.toString().endsWith(".patch"))) {
            BREAKS.matcher(Files.readString(file)).results().forEach(promise -> ids.add(promise.group(1)));
        }
        return ids;
    }

    private static Set<String> ofText(Predicate<Path> isMeant) throws IOException {
        Set<String> ids = new TreeSet<>();
        for (Path file : Project.files(isMeant)) {
            ids.addAll(NAMED.matcher(Files.readString(file))
                    .results()
                    .map(id -> id.group())
                    .collect(Collectors.toSet()));
        }
        return ids;
    }
}
