package io.coordinator.state;

import io.coordinator.protocol.ListSessions;
import io.coordinator.protocol.SessionInfo;
import io.coordinator.protocol.SessionList;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.session.Session;
import io.coordinator.state.session.Sessions;

/** Reads sessions; their secrets stay here. */
final class SessionQueries {
    private SessionQueries() {}

    static SessionList list(Sessions sessions, ListSessions list) {
        SessionList.Builder page = SessionList.newBuilder();
        Page room = new Page(list.getLimit());
        for (Session session : sessions.after(list.getAfter())) {
            SessionInfo info = info(session);
            if (!room.takes(info.getSerializedSize())) {
                return page.setMore(true).build();
            }
            page.addSessions(info);
        }
        return page.build();
    }

    private static SessionInfo info(Session session) {
        return SessionInfo.newBuilder()
                .setSessionId(session.id())
                .setClientName(session.clientName())
                .setLeaseMillis(session.leaseMillis())
                .setOpenedAtMillis(session.openedAtMillis())
                .setUnacknowledged(session.unacknowledged())
                .build();
    }
}
