package io.coordinator.server.watch;

/**
 * The first characters of a text, which is not copied. Comparable, so that prefixes chosen to have one hash are still
 * told apart quickly.
 *
 * @param hash as of the string that the prefix is
 */
record Prefix(String text, int length, int hash) implements Comparable<Prefix> {
    static Prefix of(String whole) {
        return new Prefix(whole, whole.length(), whole.hashCode());
    }

    /** A longer one of the same text. */
    Prefix longer(int newLength) {
        int next = hash;
        for (int i = length; i < newLength; i++) {
            next = 31 * next + text.charAt(i);
        }
        return new Prefix(text, newLength, next);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Prefix that
                && hash == that.hash
                && length == that.length
                && text.regionMatches(0, that.text, 0, length);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public int compareTo(Prefix other) {
        if (length != other.length) {
            return Integer.compare(length, other.length);
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != other.text.charAt(i)) {
                return Character.compare(text.charAt(i), other.text.charAt(i));
            }
        }
        return 0;
    }
}
