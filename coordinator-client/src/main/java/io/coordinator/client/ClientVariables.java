package io.coordinator.client;

import io.coordinator.client.error.ValidationException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The environment variables that a client takes settings from, and what looks like them. */
final class ClientVariables {
    private static final List<String> NAMES =
            List.of("COORD_ENDPOINTS", "COORD_CLUSTER", "COORD_NAMESPACE", "COORD_CLIENT_NAME", "COORD_AUTH_TOKEN");

    private ClientVariables() {}

    /**
     * Looks for misspelt names. A server's variables can be set for the same process, and resemble none of a client's.
     *
     * @throws ValidationException if there is one
     */
    static void check(Set<String> environment) {
        for (String name : environment) {
            if (name.toUpperCase(Locale.ROOT).startsWith("COORD_") && !NAMES.contains(name)) {
                NAMES.stream()
                        .filter(known -> resembles(name, known))
                        .findFirst()
                        .ifPresent(known -> {
                            throw new ValidationException(
                                    "unknown environment variable " + name + "; did you mean " + known + "?");
                        });
            }
        }
    }

    /**
     * Whether the letters are the same but for one that is missing, one too many, another or in its neighbour's
     * place.
     */
    private static boolean resembles(String name, String known) {
        String one = letters(name);
        String other = letters(known);
        int same = 0;
        while (same < one.length() && same < other.length() && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        String left = one.substring(same);
        String right = other.substring(same);
        return left.equals(right)
                || tail(left, 1).equals(right)
                || left.equals(tail(right, 1))
                || tail(left, 1).equals(tail(right, 1))
                || (left.length() > 1
                        && right.length() > 1
                        && left.charAt(0) == right.charAt(1)
                        && left.charAt(1) == right.charAt(0)
                        && tail(left, 2).equals(tail(right, 2)));
    }

    private static String tail(String text, int from) {
        return text.substring(Math.min(from, text.length()));
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "");
    }
}
