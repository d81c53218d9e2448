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
 * // snippet: name} and {@code // end} of a test in this module, and so compiles and runs. Whole programs are the
 * business of {@link FirstProgramTest}.
 */
class SnippetsTest {
    private static final Path ROOT = Project.ROOT;
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
                if (!regions.containsValue(text) && !text.contains(FirstProgramTest.MAIN)) {
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
        return Project.files(Project::isPage);
    }
}
