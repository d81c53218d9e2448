package io.coordinator.state.kernel;

import org.jspecify.annotations.Nullable;

/**
 * What a command is about: a name inside a namespace. {@link #key} is the key of its row. Admission keeps NUL out of
 * both parts, so that no two names share a key.
 */
public final class Name {
    private static final char SEPARATOR = '\0';

    private final String namespace;
    private final String name;
    private final String key;

    private Name(String namespace, String name, String key) {
        this.namespace = namespace;
        this.name = name;
        this.key = key;
    }

    public static Name of(String namespace, String name) {
        return new Name(namespace, name, namespace + SEPARATOR + name);
    }

    /** The name that a row key stands for. */
    public static Name ofKey(String key) {
        int end = key.indexOf(SEPARATOR);
        return new Name(key.substring(0, end), key.substring(end + 1), key);
    }

    /** The first key behind all names of a namespace. */
    public static String behind(String namespace) {
        return namespace + (char) (SEPARATOR + 1);
    }

    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    public String key() {
        return key;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Name name && name.key.equals(key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /** For messages to people. */
    @Override
    public String toString() {
        return "\"" + name + "\" in namespace \"" + namespace + "\"";
    }
}
