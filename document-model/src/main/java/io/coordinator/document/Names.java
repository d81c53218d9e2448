package io.coordinator.document;

import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditResult.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names of members as edits give them, in paths and by themselves. */
final class Names {
    private Names() {}

    /**
     * What is wrong with the names that an edit gives; null if nothing is. Texts of values are not looked into.
     */
    static @Nullable Status problem(DocumentEdit edit, Meter meter) {
        Status problem = problem(edit.getPathList(), meter);
        if (problem != null) {
            return problem;
        }
        return switch (edit.getOperationCase()) {
            case SET -> problem(edit.getSet().getName());
            case REMOVE -> problem(edit.getRemove().getName());
            case REMOVE_ITEM -> problem(edit.getRemoveItem().getKey());
            case UPDATE_ITEM -> problem(edit.getUpdateItem().getKey());
            case MOVE -> problem(edit.getMove().getFromList(), meter);
            case COPY -> problem(edit.getCopy().getFromList(), meter);
            default -> null;
        };
    }

    private static @Nullable Status problem(List<String> path, Meter meter) {
        for (String step : path) {
            meter.steps("paths", Sizes.scanning(step.length()));
            Status problem = problem(step);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** Half a surrogate pair, which no text can hold, is not among what this version knows. */
    private static @Nullable Status problem(String name) {
        if (!isWellFormed(name)) {
            return Status.UNKNOWN;
        }
        return isLonger(name, Path.STEP_BYTES_MAX) ? Status.NAME_TOO_LONG : null;
    }

    /** Whether a well-formed name has more bytes in UTF-8. */
    static boolean isLonger(String name, int bytesMax) {
        if (name.length() > bytesMax) {
            return true;
        }
        int bytes = name.length();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            // A surrogate is half of a code point of four bytes.
            bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return bytes > bytesMax;
    }

    /** Whether all surrogates are in pairs. */
    static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
