package io.coordinator.state;

import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.session.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * What commands say their sessions have received. A session that had left too many events unacknowledged, and so was
 * passed over, is given its share again.
 */
final class Acknowledgements {
    private final State state;
    /** Types that give sessions something unasked. */
    private final List<Giver> givers = new ArrayList<>();

    private record Giver(DataType type, EventCredit credit) {}

    Acknowledgements(State state) {
        this.state = state;
        for (DataType type : state.types.all()) {
            if (type.hearsAgain(0) != null) {
                givers.add(new Giver(type, new EventCredit(type.kind(), state.sessions)));
            }
        }
    }

    /** Forgets what the session has received. */
    void take(Session session, Command command, Recorder effects) {
        List<Giver> passedOver = command.getAckedEvent() == 0 ? List.of() : passedOver(session.id());
        state.sessions.acknowledge(session, command.getAckedSeq(), command.getAckedEvent());
        for (Giver giver : passedOver) {
            Chore.Builder chore = giver.type.hearsAgain(session.id());
            if (chore != null && !giver.credit.isUsedUp(session.id())) {
                effects.later(giver.type.kind(), chore);
            }
        }
    }

    private List<Giver> passedOver(long sessionId) {
        List<Giver> passedOver = List.of();
        for (Giver giver : givers) {
            if (giver.credit.isUsedUp(sessionId)) {
                passedOver = passedOver.isEmpty() ? new ArrayList<>() : passedOver;
                passedOver.add(giver);
            }
        }
        return passedOver;
    }
}
