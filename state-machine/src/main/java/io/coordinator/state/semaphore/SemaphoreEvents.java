package io.coordinator.state.semaphore;

import io.coordinator.protocol.Event;
import io.coordinator.protocol.PermitGrant;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.PermitLost;
import io.coordinator.protocol.PermitWaitElapsed;
import io.coordinator.protocol.PermitWaiter;
import io.coordinator.protocol.PermitsImpossible;
import io.coordinator.protocol.SemaphoreEvent;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;

/** What sessions are told about their permits. */
final class SemaphoreEvents {
    private SemaphoreEvents() {}

    static void granted(Name name, PermitHold hold, PermitGrant grant, Effects effects) {
        tell(hold.getSessionId(), hold.getRequestSeq(), event(name).setGranted(grant), effects);
    }

    static void elapsed(Name name, PermitWaiter waiter, Effects effects) {
        tell(
                waiter.getSessionId(),
                waiter.getRequestSeq(),
                event(name).setWaitElapsed(PermitWaitElapsed.getDefaultInstance()),
                effects);
    }

    static void impossible(Name name, PermitWaiter waiter, long limit, Effects effects) {
        tell(
                waiter.getSessionId(),
                waiter.getRequestSeq(),
                event(name).setImpossible(PermitsImpossible.newBuilder().setLimit((int) limit)),
                effects);
    }

    static void lost(Name name, PermitHold hold, Effects effects) {
        tell(
                hold.getSessionId(),
                hold.getRequestSeq(),
                event(name).setLost(PermitLost.newBuilder().setToken(hold.getToken())),
                effects);
    }

    private static SemaphoreEvent.Builder event(Name name) {
        return SemaphoreEvent.newBuilder().setNamespace(name.namespace()).setName(name.name());
    }

    private static void tell(long sessionId, long requestSeq, SemaphoreEvent.Builder event, Effects effects) {
        effects.tell(sessionId, Event.newBuilder().setRequestSeq(requestSeq).setSemaphore(event));
    }
}
