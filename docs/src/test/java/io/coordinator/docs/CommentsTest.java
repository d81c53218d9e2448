package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Comments fit a window as the code does, whose lines the formatter breaks. */
class CommentsTest {
    private static final int COLUMNS_MAX = 120;
    private static final Pattern COMMENT = Pattern.compile("^\\s*(/?\\*|//).*|.*[;{,] // .*");

    @Test
    void noLineIsTooLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : Project.files(Project::isMain)) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.codePointCount(0, line.length()) > COLUMNS_MAX
                        && COMMENT.matcher(line).matches()) {
                    tooLong.add(Project.ROOT.relativize(file) + ":" + (i + 1) + ": " + line.strip());
                }
            }
        }
        assertThat(tooLong).as("comments of more than %s columns", COLUMNS_MAX).isEmpty();
    }
}
