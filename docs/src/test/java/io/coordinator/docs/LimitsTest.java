package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.server.config.Key;
import io.coordinator.server.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about limits has every key that is one, and no key that there is not. */
class LimitsTest {
    private static final Pattern KEY = Pattern.compile("`([a-z]+(-[a-z]+)+)`");
    private static final String LIMIT = "-max";
    /** Ends alike, and is a version. */
    private static final String NO_AMOUNT = "version-max";

    @Test
    void everyKeyThatLimitsIsOnThePageAndEveryKeyOnThePageExists() throws IOException {
        String page = Files.readString(Path.of("limits.md"));
        Set<String> named =
                KEY.matcher(page).results().map(match -> match.group(1)).collect(Collectors.toSet());
        Set<String> known = Keys.all().stream().map(Key::name).collect(Collectors.toSet());
        Set<String> limiting = new TreeSet<>(known);
        limiting.removeIf(key -> !key.endsWith(LIMIT) || key.equals(NO_AMOUNT));

        assertThat(limiting).isNotEmpty();
        assertThat(named).as("keys on the page").isSubsetOf(known);
        assertThat(named).as("keys on the page").containsAll(limiting);
    }
}
