package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the documentation to the code: each Java block of the Markdown files is, line for line, a region between {@code
 * // snippet: name} and {@code // end} of a test in this module, and so compiles and runs.
 */
class SnippetsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern REGION =
            Pattern.compile("^\\h*// snippet: (\\S+)\\n(.*?)^\\h*// end\\b", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void everyJavaBlockIsARegionOfATest() throws IOException {
        Map<String, String> regions = regions();
        List<String> strays = new ArrayList<>();
        int blocks = 0;
        for (Path page : pages()) {
            Matcher block = BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                blocks++;
                String text = dedent(block.group(1));
                if (!regions.containsValue(text)) {
                    strays.add(ROOT.relativize(page) + ":\n" + text);
                }
            }
        }
        assertThat(strays).as("blocks that no test compiles").isEmpty();
        assertThat(blocks).as("Java blocks found").isPositive();
    }

    @Test
    void everyRegionIsShownSomewhere() throws IOException {
        StringBuilder shown = new StringBuilder();
        for (Path page : pages()) {
            Matcher block = BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                shown.append(dedent(block.group(1))).append('\0');
            }
        }
        regions().forEach((name, text) -> assertThat(shown.toString()).as(name).contains(text));
    }

    private static Map<String, String> regions() throws IOException {
        Map<String, String> regions = new HashMap<>();
        try (Stream<Path> sources = Files.walk(ROOT.resolve("docs/src/test/java"))) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                Matcher region = REGION.matcher(Files.readString(source));
                while (region.find()) {
                    regions.put(region.group(1), dedent(region.group(2)));
                }
            }
        }
        return regions;
    }

    /** An empty last line would count as one without indentation. */
    private static String dedent(String text) {
        return text.stripTrailing().stripIndent().strip();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> compat = Files.list(ROOT.resolve("coordinator-compat"));
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.concat(top, compat), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }
}
