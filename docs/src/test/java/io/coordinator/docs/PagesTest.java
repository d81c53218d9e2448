package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What every page keeps to: lines that fit, links that lead somewhere, classes that exist. */
class PagesTest {
    private static final int COLUMNS_MAX = 120;
    private static final String TABLE = "|";
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Pattern OTHER_PAGE = Pattern.compile("`((?:docs/|decisions/)?[a-z-]+[.]md)`");
    private static final String DECISIONS = "docs/decisions/";
    private static final Pattern DECISION = Pattern.compile("`(?:docs/)?decisions/(\\d{4})`");

    /** A class, or a member of one: {@code Lane}, {@code Proposer.releaseLease}. */
    private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:[.]\\w+)?`");

    private static final List<String> ON_THE_INSIDE = List.of("docs/architecture.md", "docs/threads.md");
    /** Of the JDK, of Ratis. */
    private static final Set<String> FOREIGN = Set.of("CompletableFuture", "StateMachineUpdater");

    @Test
    void noLineIsTooLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path page : Project.files(Project::isPage)) {
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (!line.startsWith(TABLE) && line.codePointCount(0, line.length()) > COLUMNS_MAX) {
                    tooLong.add(name(page) + ":" + (i + 1) + ": " + line);
                }
            }
        }
        assertThat(tooLong).as("lines of more than %s columns", COLUMNS_MAX).isEmpty();
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : Project.files(Project::isPage)) {
            String text = Files.readString(page);
            Matcher link = LINK.matcher(text);
            while (link.find()) {
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    broken.add(name(page) + ": " + link.group(1));
                }
            }
            Matcher other = OTHER_PAGE.matcher(text);
            while (other.find()) {
                if (!isPage(page, other.group(1))) {
                    broken.add(name(page) + ": " + other.group(1));
                }
            }
        }
        assertThat(broken).as("links to files that are not there").isEmpty();
    }

    @Test
    void everyDecisionThatIsNamedIsThere() throws IOException {
        Set<String> decisions = new TreeSet<>();
        Set<String> named = new TreeSet<>();
        for (Path page : Project.files(Project::isPage)) {
            if (name(page).startsWith(DECISIONS)) {
                decisions.add(name(page).substring(DECISIONS.length(), DECISIONS.length() + 4));
            }
            DECISION.matcher(Files.readString(page)).results().forEach(match -> named.add(match.group(1)));
        }
        assertThat(named).isNotEmpty().isSubsetOf(decisions);
    }

    @Test
    void everyClassOnThePagesAboutTheInsideExists() throws IOException {
        Set<String> classes = new TreeSet<>(FOREIGN);
        for (Path source : Project.files(Project::isMain)) {
            classes.add(source.getFileName().toString().replaceAll("[.].*", ""));
            if (source.toString().endsWith(".proto")) {
                Pattern.compile("(?m)^message (\\w+)")
                        .matcher(Files.readString(source))
                        .results()
                        .forEach(message -> classes.add(message.group(1)));
            }
        }
        Set<String> named = new TreeSet<>();
        for (String page : ON_THE_INSIDE) {
            CLASS.matcher(Files.readString(Project.ROOT.resolve(page)))
                    .results()
                    .forEach(match -> named.add(match.group(1)));
        }
        assertThat(named).hasSizeGreaterThan(60).isSubsetOf(classes);
    }

    /** Pages name each other as seen from themselves, from the folder of the pages, or from the top. */
    private static boolean isPage(Path from, String name) {
        return Files.exists(from.resolveSibling(name))
                || Files.exists(Project.ROOT.resolve("docs").resolve(name))
                || Files.exists(Project.ROOT.resolve(name));
    }

    private static String name(Path page) {
        return Project.ROOT.relativize(page).toString();
    }
}
