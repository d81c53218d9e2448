package io.coordinator.server.propose;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import java.util.List;

/** Commands that one caller wants applied, in this order, perhaps in several entries. */
public interface Proposal {
    List<Command> commands();

    /** About what the parts of the commands take in the heap, besides what they hold; 0 if these are few. */
    default long partBytes() {
        return 0;
    }

    /**
     * Some of the commands were applied. On the applying thread: must be short and must not block.
     *
     * @param from position of the first of them among {@link #commands}
     * @param replies one for each
     */
    void applied(int from, List<Reply> replies);

    /** This node leads no longer: whether the commands not yet answered apply is unknown. Any thread, no blocking. */
    void failed();
}
