package io.coordinator.state.kernel;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ErrorCode;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Walks the sorted keys of names: those of one namespace or of all, with a prefix, behind where the page before ended.
 * Skips from namespace to namespace rather than over what does not match.
 */
public final class NameScan {
    /** Names that do not match or whose rows are over, in one scan; then it gives up: the state is locked meanwhile. */
    public static final int SKIPPED_MAX = 2_000;

    private final UnaryOperator<@Nullable String> ceiling;
    private final UnaryOperator<@Nullable String> higher;
    private final String namespace;
    private final String prefix;
    private int skipped;

    /**
     * @param ceiling the first key at or after one; null for none
     * @param higher the first key after one; null for none
     * @param namespace empty for all of them
     * @param prefix of names; empty for all of them
     */
    public NameScan(
            UnaryOperator<@Nullable String> ceiling,
            UnaryOperator<@Nullable String> higher,
            String namespace,
            String prefix) {
        this.ceiling = ceiling;
        this.higher = higher;
        this.namespace = namespace;
        this.prefix = prefix;
    }

    /** The first match behind this name; behind nothing if {@code afterNamespace} is empty. Null if there is none. */
    public @Nullable String firstAfter(String afterNamespace, String afterName) {
        if (!afterNamespace.isEmpty()) {
            return match(higher.apply(Name.of(afterNamespace, afterName).key()));
        }
        return match(
                namespace.isEmpty()
                        ? ceiling.apply("")
                        : ceiling.apply(Name.of(namespace, prefix).key()));
    }

    /** The next match behind a key; null if there is none. */
    public @Nullable String next(String key) {
        return match(higher.apply(key));
    }

    /** As {@link #next}, behind a key whose row is over and waits to be removed; null as well if it gives up. */
    public @Nullable String nextBehindNothing(String key) {
        skipped++;
        return hasGivenUp() ? null : next(key);
    }

    /**
     * Whether it has given up, since it passed over too many. What it has found is all there is
     * up to there, so that the next page can go on behind it.
     */
    public boolean hasGivenUp() {
        return skipped > SKIPPED_MAX;
    }

    /** The refusal of a scan that has given up without having found anything. */
    public Answer.Builder refusal() {
        return Refusals.answer(
                ErrorCode.ETOOLARGE,
                SKIPPED_MAX + " namespaces hold nothing that starts with \"" + prefix
                        + "\", and one query looks through no more; name the namespace");
    }

    private @Nullable String match(@Nullable String from) {
        String key = from;
        while (key != null) {
            Name name = Name.ofKey(key);
            if (!namespace.isEmpty() && !namespace.equals(name.namespace())) {
                return null;
            }
            if (name.name().startsWith(prefix)) {
                return key;
            }
            skipped++;
            if (hasGivenUp()) {
                return null;
            }
            String first = Name.of(name.namespace(), prefix).key();
            key = ceiling.apply(isBefore(key, first) ? first : Name.behind(name.namespace()));
        }
        return null;
    }

    private static boolean isBefore(String key, String other) {
        return SortedKeys.CodePointOrder.compareCodePoints(key, other) < 0;
    }
}
