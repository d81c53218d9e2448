package io.coordinator.client.error;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The builder finished after its reservation had ended, so its value was not stored: another builder may have run, or
 * the key was deleted (JC-BOR-11, JC-BOR-15). {@code BuildOptions.returnLateValue()} returns the value instead.
 */
public final class BuildLostException extends OwnershipLostException {
    private final transient @Nullable JsonNode value;

    public BuildLostException(String message, @Nullable JsonNode value) {
        super(ErrorCode.EBUILDLOST, false, false, message, null);
        this.value = value;
    }

    /** What the late builder made; empty if its function did not finish. */
    public Optional<JsonNode> value() {
        return Optional.ofNullable(value);
    }
}
