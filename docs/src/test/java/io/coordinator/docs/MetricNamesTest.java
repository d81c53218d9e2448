package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Alerts that name a metric which nobody serves never fire. That the page of metrics is right, a node's test shows. */
@Feature("B-14")
class MetricNamesTest {
    /** A histogram is documented by one name, and served by three. */
    private static final Pattern NAME = Pattern.compile("\\b(coordinator_[a-z_]+?)(?:_bucket|_count|_sum)?\\b");

    private static final Pattern LISTED = Pattern.compile("^\\| `(coordinator_[a-z_]+)`", Pattern.MULTILINE);
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

    private static Set<String> names(Pattern pattern, String page) throws IOException {
        return pattern.matcher(Files.readString(Path.of(page)))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatOperatorsAreToldToWatchIsServed() throws IOException {
        assertThat(names(ALERT, "operating.md")).hasSizeGreaterThan(5);
        assertThat(names(NAME, "operating.md")).hasSizeGreaterThan(8).isSubsetOf(names(LISTED, "metrics.md"));
    }
}
