package io.coordinator.state.lock;

import io.coordinator.state.kernel.Name;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The names of one grant or request: all of one namespace, in the order in which they were asked for. */
final class LockNames {
    /** More cannot be asked for at once. */
    static final int MAX = 64;

    private LockNames() {}

    static List<Name> of(String namespace, List<String> names) {
        if (names.size() == 1) {
            return List.of(Name.of(namespace, names.get(0)));
        }
        List<Name> all = new ArrayList<>(names.size());
        for (String name : names) {
            all.add(Name.of(namespace, name));
        }
        return all;
    }

    static List<String> plain(List<Name> names) {
        if (names.size() == 1) {
            return List.of(names.get(0).name());
        }
        List<String> plain = new ArrayList<>(names.size());
        for (Name name : names) {
            plain.add(name.name());
        }
        return plain;
    }

    /** What is wrong with a set of names; empty if nothing is. */
    static String problem(List<String> names) {
        if (names.isEmpty()) {
            return "are empty; name at least one lock";
        }
        if (names.size() > MAX) {
            return "are " + names.size() + "; ask for at most " + MAX + " locks at once";
        }
        if (names.size() > 1 && new HashSet<>(names).size() < names.size()) {
            return "contain one lock twice; name each lock once";
        }
        return "";
    }

    /** Whether two lists without duplicates name the same locks. */
    static boolean same(List<String> a, List<String> b) {
        if (a.size() != b.size()) {
            return false;
        }
        return a.size() == 1 ? a.get(0).equals(b.get(0)) : new HashSet<>(a).containsAll(b);
    }

    /** For messages to people. */
    static String describe(String namespace, List<String> names) {
        return names.size() == 1
                ? "lock " + Name.of(namespace, names.get(0))
                : "locks \"" + String.join("\", \"", names) + "\" in namespace \"" + namespace + "\"";
    }
}
