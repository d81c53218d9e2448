package io.coordinator.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes keys, and has them all in the order in which they were made: that of {@link Keys}. */
final class KeyRegistry {
    private static final List<Key<?>> ALL = new ArrayList<>();

    private KeyRegistry() {}

    static List<Key<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    /** See {@link Keys#byName}. */
    static Key<?> byName(String name) {
        for (Key<?> key : ALL) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        String meant = Spelling.nearest(name, ALL.stream().map(Key::name).toList())
                .map(near -> "did you mean " + near + "? ")
                .orElse("");
        throw new ConfigException(name, "unknown key; " + meant + "docs/configuration.md lists the known ones");
    }

    static <T> Key<T> key(String name, String type, String defaultText, String doc, Function<String, T> parser) {
        return register(new Key<>(name, type, defaultText, false, doc, parser));
    }

    static <T> Key<T> derived(String name, String type, String defaultText, String doc, Function<String, T> parser) {
        return register(new Key<>(name, type, defaultText, true, doc, parser));
    }

    static Key<Integer> derivedInteger(String name, String defaultText, int min, int max, String doc) {
        return derived(
                name, "integer, " + min + " to " + max, defaultText, doc, text -> ValueTexts.integer(text, min, max));
    }

    static Key<String> text(String name, String defaultText, String doc) {
        return key(name, "text", defaultText, doc, ValueTexts::text);
    }

    static Key<Integer> integer(String name, String defaultText, int min, int max, String doc) {
        return key(
                name, "integer, " + min + " to " + max, defaultText, doc, text -> ValueTexts.integer(text, min, max));
    }

    static Key<Optional<Path>> optionalPath(String name, String doc) {
        return key(name, "path", "", doc, text -> text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)));
    }

    private static <T> Key<T> register(Key<T> key) {
        ALL.add(key);
        return key;
    }
}
