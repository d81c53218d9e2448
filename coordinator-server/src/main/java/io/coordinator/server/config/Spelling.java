package io.coordinator.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody meant who wrote another. */
final class Spelling {
    private static final int EDITS_MAX = 2;
    /** Of a short name less may be wrong, or everything would resemble it. */
    private static final int LETTERS_AN_EDIT = 3;

    private Spelling() {}

    /**
     * The known name that differs least, and by so little that it was probably meant; case and separators count
     * nothing.
     */
    static Optional<String> nearest(String name, Collection<String> known) {
        String letters = letters(name);
        return known.stream()
                .filter(other ->
                        edits(letters, letters(other)) <= Math.min(EDITS_MAX, letters.length() / LETTERS_AN_EDIT))
                .min(Comparator.comparingInt(other -> edits(letters, letters(other))));
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** Letters to insert, delete or replace to make the one of the other. */
    private static int edits(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
