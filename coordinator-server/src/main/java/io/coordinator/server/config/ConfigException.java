package io.coordinator.server.config;

/** A configuration that cannot be used; the message names the key, what is wrong with it and what is expected. */
public final class ConfigException extends RuntimeException {
    private final String key;

    public ConfigException(String key, String problem) {
        super(key + ": " + problem);
        this.key = key;
    }

    /** The offending key, as it is written in a file. */
    public String key() {
        return key;
    }
}
