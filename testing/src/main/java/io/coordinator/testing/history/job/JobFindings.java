package io.coordinator.testing.history.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What cannot be: of each kind the first cases, and how many there are. */
final class JobFindings {
    private static final int TOLD_MAX = 3;

    private final Map<String, List<String>> byKind = new LinkedHashMap<>();

    void addIf(boolean wrong, String kind, Object what) {
        if (wrong) {
            byKind.computeIfAbsent(kind, first -> new ArrayList<>()).add(what.toString());
        }
    }

    /** In words; empty if all is well. */
    List<String> told() {
        List<String> told = new ArrayList<>();
        byKind.forEach((kind, all) -> told.add(kind + " (" + all.size() + "): "
                + String.join("; ", all.subList(0, Math.min(TOLD_MAX, all.size())))));
        return told;
    }
}
