package io.coordinator.testing.history;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A few keys that are written and read together: as one object, so that a part of a transaction that somebody sees, or
 * that stays behind after a refusal, is a wrong answer.
 */
public final class GroupModel implements Model<Map<String, String>, GroupModel.Input, GroupModel.Output> {

    /** What is asked of a group. */
    public sealed interface Input {
        /** Reads members at one moment. */
        record Read(List<String> members) implements Input {}

        /**
         * Writes, if members are as expected, else writes something else.
         *
         * @param expected empty: absent
         */
        record Commit(Map<String, Optional<String>> expected, List<Write> then, List<Write> otherwise)
                implements Input {}
    }

    /** One write of several. */
    public sealed interface Write {
        record Put(String member, String value) implements Write {}

        record Delete(String member) implements Write {}

        /** Adds to a number; cannot be made on anything else. An absent one counts as 0. */
        record Add(String member, long by) implements Write {}

        /** Adds to a number that must be there. */
        record AddToPresent(String member, long by) implements Write {}
    }

    /** What a group answers. */
    public sealed interface Output {
        record Values(Map<String, String> values) implements Output {}

        /** Whether the members were as expected. */
        record Committed(boolean held) implements Output {}

        /** A write could not be made; nothing was changed. */
        record Refused() implements Output {}
    }

    @Override
    public Map<String, String> initial() {
        return Map.of();
    }

    @Override
    public List<Map<String, String>> after(Map<String, String> state, Input input, Output output) {
        if (input instanceof Input.Read read && output instanceof Output.Values seen) {
            Map<String, String> values = new TreeMap<>(state);
            values.keySet().retainAll(read.members());
            return onlyIf(values.equals(seen.values()), state);
        }
        if (input instanceof Input.Commit commit) {
            boolean held = holds(state, commit);
            Optional<Map<String, String>> next = written(state, held ? commit.then() : commit.otherwise());
            return output instanceof Output.Committed committed
                    ? onlyIf(committed.held() == held && next.isPresent(), next.orElse(state))
                    : onlyIf(next.isEmpty(), state);
        }
        return List.of();
    }

    @Override
    public List<Map<String, String>> afterUnknown(Map<String, String> state, Input input) {
        return List.of(
                input instanceof Input.Commit commit
                        ? written(state, holds(state, commit) ? commit.then() : commit.otherwise())
                                .orElse(state)
                        : state);
    }

    @Override
    public boolean observes(Input input, Output output) {
        return !(output instanceof Output.Committed);
    }

    private static boolean holds(Map<String, String> state, Input.Commit commit) {
        return commit.expected().entrySet().stream()
                .allMatch(expected ->
                        Optional.ofNullable(state.get(expected.getKey())).equals(expected.getValue()));
    }

    /** Empty if a write cannot be made. */
    private static Optional<Map<String, String>> written(Map<String, String> state, List<Write> writes) {
        Map<String, String> next = new TreeMap<>(state);
        for (Write write : writes) {
            if (!apply(next, write)) {
                return Optional.empty();
            }
        }
        return Optional.of(next);
    }

    private static boolean apply(Map<String, String> values, Write write) {
        if (write instanceof Write.Put put) {
            values.put(put.member(), put.value());
            return true;
        }
        if (write instanceof Write.Delete delete) {
            values.remove(delete.member());
            return true;
        }
        if (write instanceof Write.AddToPresent add) {
            return values.containsKey(add.member()) && add(values, add.member(), add.by());
        }
        return write instanceof Write.Add add && add(values, add.member(), add.by());
    }

    private static boolean add(Map<String, String> values, String member, long by) {
        String before = values.getOrDefault(member, "0");
        if (!before.chars().allMatch(Character::isDigit)) {
            return false;
        }
        values.put(member, Long.toString(Long.parseLong(before) + by));
        return true;
    }

    private static List<Map<String, String>> onlyIf(boolean legal, Map<String, String> state) {
        return legal ? List.of(state) : List.of();
    }
}
