package io.coordinator.state.builds;

import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildLost;
import io.coordinator.protocol.BuildRecord;
import io.coordinator.protocol.Event;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;

/** What builders and waiters are told. */
final class BuildEvents {
    private BuildEvents() {}

    static BuildEvent.Builder of(Name name) {
        return BuildEvent.newBuilder().setNamespace(name.namespace()).setKey(name.name());
    }

    static void lost(Name name, BuildRecord build, BuildLost.Reason reason, Effects effects) {
        BuildLost lost = BuildLost.newBuilder()
                .setToken(build.getToken())
                .setReason(reason)
                .build();
        tell(build.getSessionId(), build.getRequestSeq(), of(name).setLost(lost).build(), effects);
    }

    private static void tell(long sessionId, long requestSeq, BuildEvent event, Effects effects) {
        effects.tell(sessionId, Event.newBuilder().setRequestSeq(requestSeq).setBuild(event));
    }
}
