package io.coordinator.client.cluster;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import java.util.Objects;

/**
 * A node that shall become a member. Immutable: each method returns a changed copy.
 *
 * @param node its id
 * @param clientAddress where clients reach it, as {@code host:port}; empty: where it has said itself while it waits
 * @param spare whether it takes the place of a voter that is gone, without being told to
 * @param voter whether it gets a vote as soon as it has caught up
 */
public record NewMember(String node, String clientAddress, boolean spare, boolean voter) {
    /**
     * Checks the name.
     *
     * @throws ValidationException if the node is no <a href="../package-summary.html#names">name</a>
     */
    public NewMember {
        Text.name("node", node);
        Objects.requireNonNull(clientAddress, "clientAddress");
    }

    /**
     * A node that waits to be added; it gets all data and no vote.
     *
     * @throws ValidationException if the node is no <a href="../package-summary.html#names">name</a>
     */
    public static NewMember named(String node) {
        return new NewMember(node, "", false, false);
    }

    /** Found at that address, as {@code host:port}. */
    public NewMember at(String address) {
        return new NewMember(node, address, spare, voter);
    }

    /** Stands by for a voter that is gone for longer than the servers' {@code replace-after-seconds}. */
    public NewMember asSpare() {
        return new NewMember(node, clientAddress, true, voter);
    }

    /** Gets a vote as soon as it has caught up. */
    public NewMember asVoter() {
        return new NewMember(node, clientAddress, spare, true);
    }
}
