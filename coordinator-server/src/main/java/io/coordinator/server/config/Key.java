package io.coordinator.server.config;

import java.util.Locale;
import java.util.function.Function;

/**
 * One configuration key.
 *
 * @param name as written in a file; {@code --name} as a flag, {@code COORD_NAME} in the environment
 * @param type for people
 * @param defaultText the default in the same notation, or a description of how it is found if {@code derived}
 * @param derived the default depends on other keys or on the machine
 * @param doc one or two sentences
 * @param parser turns the text into a value; throws IllegalArgumentException with the reason
 */
public record Key<T>(
        String name, String type, String defaultText, boolean derived, String doc, Function<String, T> parser) {

    /** The environment variable that sets it. */
    public String environmentName() {
        return "COORD_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    T parse(String text) {
        try {
            return parser.apply(text.trim());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, String.valueOf(e.getMessage()));
        }
    }
}
