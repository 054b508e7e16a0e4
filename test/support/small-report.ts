/** A small report of our own, with what Qualys puts around one: blank line, banner, notice behind the end. */
export const SMALL_REPORT = `<?xml version="1.0" encoding="UTF-8" ?>

<!DOCTYPE ASSET_DATA_REPORT SYSTEM "https://localhost/asset_data_report.dtd">
<!-- This report was generated with an evaluation version of Qualys //-->
<ASSET_DATA_REPORT>
  <HEADER>
    <COMPANY><![CDATA[Example Mills]]></COMPANY>
    <GENERATION_DATETIME>2026-01-31T02:00:00Z</GENERATION_DATETIME>
    <TEMPLATE><![CDATA[Nightly]]></TEMPLATE>
  </HEADER>
  <HOST_LIST>
    <HOST>
      <IP>10.1.2.3</IP>
      <TRACKING_METHOD>IP</TRACKING_METHOD>
      <VULN_INFO_LIST>
        <VULN_INFO>
          <QID id="qid_90001">90001</QID>
          <TYPE>Vuln</TYPE>
          <SSL>false</SSL>
          <RESULT><![CDATA[Grüße; "]]]]><![CDATA[>" inside]]></RESULT>
        </VULN_INFO>
      </VULN_INFO_LIST>
    </HOST>
  </HOST_LIST>
</ASSET_DATA_REPORT>
<!-- CONFIDENTIAL AND PROPRIETARY INFORMATION of nobody //-->
`;

export function* smallReport(): Generator<string> {
  yield SMALL_REPORT;
}
