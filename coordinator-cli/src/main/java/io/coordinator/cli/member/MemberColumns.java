package io.coordinator.cli.member;

import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Dates;
import io.coordinator.cli.console.Printable;
import io.coordinator.client.cluster.AdminAct;
import io.coordinator.client.cluster.MemberInfo;
import java.time.Instant;

/** What listings show of members and of the trail. */
final class MemberColumns {
    static final Columns<MemberInfo> MEMBERS = new Columns<MemberInfo>()
            .text("NODE", "node", MemberInfo::node)
            .text("PART", "part", MemberColumns::part)
            .text("PEERS", "peerAddress", MemberInfo::peerAddress)
            .text("CLIENTS", "clientAddress", MemberInfo::clientAddress)
            .number("INCARNATION", "incarnation", MemberInfo::incarnation)
            .text("", "disk", MemberInfo::disk)
            .text("REPLACES", "replaces", MemberInfo::replaces)
            .cell("SINCE", member -> Dates.text(Instant.ofEpochMilli(member.sinceMillis())))
            .numberMember("sinceMillis", MemberInfo::sinceMillis);

    static final Columns<AdminAct> ACTS = new Columns<AdminAct>()
            .number("NUMBER", "number", AdminAct::number)
            .cell("DATE", act -> Dates.text(Instant.ofEpochMilli(act.dateMillis())))
            .numberMember("dateMillis", AdminAct::dateMillis)
            .column(
                    "ACTOR",
                    "actor",
                    act -> act.actor().isEmpty() ? "the cluster" : Printable.brief(act.actor()),
                    act -> TextNode.valueOf(act.actor()))
            .text("ACTION", "action", AdminAct::action)
            .text("SUBJECT", "subject", AdminAct::subject)
            .column("REASON", "reason", act -> Printable.brief(act.reason()), act -> TextNode.valueOf(act.reason()))
            .numberMember("index", AdminAct::index);

    private MemberColumns() {}

    /** In one word or two. */
    private static String part(MemberInfo member) {
        if (member.voter()) {
            return "voter";
        }
        if (member.promote()) {
            return "voter to be";
        }
        return member.spare() ? "spare" : "learner";
    }
}
